with paid as (
    select order_id, amount as paid_amount from {{ ref('orders') }}
)
select paid.paid_amout from paid
