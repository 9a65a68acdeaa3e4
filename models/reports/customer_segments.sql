select
    customers.customer_segment,
    count(distinct customers.customer_id) as customer_count,
    count(distinct sales.transaction_id) as transactions,
    sum(sales.total_amount) as revenue,
    {{ cents('sum(sales.total_amount) / count(*)') }} as avg_order_value,
    {{ cents('sum(sales.total_amount) / count(distinct customers.customer_id)') }} as revenue_per_customer,
    sum(sales.net_amount) as net_amount,
    sum(sales.margin) as margin
from {{ ref('fact_sales') }} as sales
inner join {{ ref('dim_customer') }} as customers on sales.customer_key = customers.customer_key
group by customers.customer_segment
order by revenue desc, customers.customer_segment
