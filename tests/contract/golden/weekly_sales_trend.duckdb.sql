select
    dates.day_name,
    dates.day_of_week,
    count(distinct sales.transaction_id) as transactions,
    cast(sum(sales.quantity) as bigint) as units_sold,
    sum(sales.total_amount) as revenue,
    cast(round(cast(sum(sales.total_amount) / count(*) as decimal(24,8)), 2) as decimal(15,2)) as avg_transaction,
    sum(sales.net_amount) as net_amount,
    sum(sales.margin) as margin
from "retail"."main"."fact_sales" as sales
inner join "retail"."main"."dim_date" as dates on sales.date_key = dates.date_key
group by dates.day_name, dates.day_of_week
order by dates.day_of_week
