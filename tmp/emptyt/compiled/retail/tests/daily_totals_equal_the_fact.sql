-- Days on which the daily aggregate and the fact differ.
with days as (
    select
        date_key,
        sum(quantity) as quantity,
        sum(total_amount) as revenue,
        sum(profit) as profit
    from (select * from "retail"."main"."fact_sales" where false limit 0) as "_empty_1"
    group by date_key

    union all

    select
        date_key,
        -sum(total_quantity),
        -sum(total_revenue),
        -sum(total_profit)
    from (select * from "retail"."main"."fact_sales_daily" where false limit 0) as "_empty_2"
    group by date_key
)

select
    date_key,
    sum(quantity) as quantity_difference,
    sum(revenue) as revenue_difference,
    sum(profit) as profit_difference
from days
group by date_key
having sum(quantity) <> 0 or sum(revenue) <> 0 or sum(profit) <> 0 or count(*) <> 2
