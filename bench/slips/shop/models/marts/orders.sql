{{ config(materialized='incremental', unique_key='order_id') }}

select
    o.order_id,
    o.order_date,
    o.status,
    o.amount,
    c.customer_name
from {{ ref('stg_orders') }} as o
join {{ ref('stg_customers') }} as c
    on c.customer_id = o.customer_id
{% if is_incremental() %}
where o.order_date >= (select max(order_date) from {{ this }})
{% endif %}
