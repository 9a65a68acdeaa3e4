with daily as (
    select
        date_key,
        store_key,
        product_key,
        cast(sum(quantity) as bigint) as total_quantity,
        cast(sum(total_amount) as decimal(15,2)) as total_revenue,
        cast(sum(profit) as decimal(15,2)) as total_profit,
        count(distinct transaction_id) as transaction_count
    from (select * from "retail"."main"."fact_sales" where false limit 0) as "_empty_1"
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

-- only what is new or has changed is written; what has gone, as when a line moves to another day, is deleted afterwards
except

select
    date_key,
    store_key,
    product_key,
    total_quantity,
    total_revenue,
    total_profit,
    transaction_count
from "retail"."main"."fact_sales_daily"
