{{ config(materialized='table' if target.name == 'prod' else 'view') }}
select customer_id, sum(amount) as amount from {{ ref('orders') }} group by customer_id
