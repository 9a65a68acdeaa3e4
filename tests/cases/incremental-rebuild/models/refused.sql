{{ config(materialized='incremental', on_schema_change='sync_all_columns') }}
{% if var('next', false) %}select {'a': 1} as id, 1 as added{% else %}select 1 as id{% endif %}
