{{ config(materialized='incremental', incremental_strategy='append') }}
select i as id from range(1, {{ var('top', 2) + 1 }}) t(i)
{% if is_incremental() %}
where i > (select max(id) from {{ this }})
{% endif %}
