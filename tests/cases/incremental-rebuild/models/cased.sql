{{ config(materialized='incremental', on_schema_change='append_new_columns') }}
{% if var('next', false) %}select 'b' as "NAME", 'x' as more, 2 as "ID"{% else %}select 1 as id, 'a' as name{% endif %}
