{{ config(materialized='incremental', incremental_strategy='merge', unique_key='code') }}
select 'a' as code, 1 as v
{% if is_incremental() %} union all select 'a', 2 {% endif %}
