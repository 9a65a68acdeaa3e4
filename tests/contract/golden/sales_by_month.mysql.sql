select
    dates.year,
    dates.month,
    dates.month_name,
    count(distinct sales.transaction_id) as transactions,
    cast(sum(sales.quantity) as signed) as units_sold,
    sum(sales.total_amount) as revenue,
    sum(sales.profit) as profit,
    cast(round(cast(cast(sum(sales.total_amount) / count(*) as decimal(24,8)) as decimal(65,20)), 2) as decimal(15,2)) as avg_transaction_value,
    sum(sales.net_amount) as net_amount,
    sum(sales.margin) as margin
from `retail`.`fact_sales` as sales
inner join `retail`.`dim_date` as dates on sales.date_key = dates.date_key
group by dates.year, dates.month, dates.month_name
order by dates.year, dates.month
