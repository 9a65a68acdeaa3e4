{{ config(materialized='incremental', unique_key='id', tags=[var('label')]) }}

select o.*, c.name
from {{ ref('stg_orders') }} o
left join {{ ref('stg_customers') }} c on o.customer_id = c.id
{% if is_incremental() %}
where o.id > (select max(id) from {{ this }})
{% endif %}
