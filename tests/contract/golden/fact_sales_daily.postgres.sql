with daily as (
    select
        date_key,
        store_key,
        product_key,
        cast(sum(quantity) as bigint) as total_quantity,
        cast(sum(total_amount) as decimal(15,2)) as total_revenue,
        cast(sum(profit) as decimal(15,2)) as total_profit,
        count(distinct transaction_id) as transaction_count
    from "retail"."public"."fact_sales"
    group by date_key, store_key, product_key
)

select
    date_key,
    store_key,
    product_key,
    total_quantity,
    total_revenue,
    total_profit,
    transaction_count
from daily
