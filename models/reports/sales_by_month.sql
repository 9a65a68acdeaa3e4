select
    dates.year,
    dates.month,
    dates.month_name,
    count(distinct sales.transaction_id) as transactions,
    {{ cast('sum(sales.quantity)', type_bigint()) }} as units_sold,
    sum(sales.total_amount) as revenue,
    sum(sales.profit) as profit,
    {{ cents('sum(sales.total_amount) / count(*)') }} as avg_transaction_value,
    sum(sales.net_amount) as net_amount,
    sum(sales.margin) as margin
from {{ ref('fact_sales') }} as sales
inner join {{ ref('dim_date') }} as dates on sales.date_key = dates.date_key
group by dates.year, dates.month, dates.month_name
order by dates.year, dates.month
