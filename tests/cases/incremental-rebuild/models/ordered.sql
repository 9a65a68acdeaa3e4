{{ config(materialized='incremental') }}
{% if var('next', false) %}select 'b' as name, 2 as id{% else %}select 1 as id, 'a' as name{% endif %}
