{{ config(materialized='table') }} select 1 as id, {{ var('n') }} as v, date '2024-01-01' as d {% if var('n') == 9 %}where false{% endif %}
