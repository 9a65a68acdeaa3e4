{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id') }}
{% if is_incremental() %}
select 1 as id, 'new' as v union all select 3, 'new'
{% else %}
select 1 as id, 'old' as v union all select 2, 'old'
{% endif %}
