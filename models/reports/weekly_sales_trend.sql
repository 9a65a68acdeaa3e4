select
    dates.day_name,
    dates.day_of_week,
    count(distinct sales.transaction_id) as transactions,
    {{ cast('sum(sales.quantity)', type_bigint()) }} as units_sold,
    sum(sales.total_amount) as revenue,
    {{ cents('sum(sales.total_amount) / count(*)') }} as avg_transaction,
    sum(sales.net_amount) as net_amount,
    sum(sales.margin) as margin
from {{ ref('fact_sales') }} as sales
inner join {{ ref('dim_date') }} as dates on sales.date_key = dates.date_key
group by dates.day_name, dates.day_of_week
order by dates.day_of_week
