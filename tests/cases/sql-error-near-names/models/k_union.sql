select order_id, amount from {{ ref('orders') }}
union all
select 1
