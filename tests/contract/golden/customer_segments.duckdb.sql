select
    customers.customer_segment,
    count(distinct customers.customer_id) as customer_count,
    count(distinct sales.transaction_id) as transactions,
    sum(sales.total_amount) as revenue,
    cast(round(cast(sum(sales.total_amount) / count(*) as decimal(24,8)), 2) as decimal(15,2)) as avg_order_value,
    cast(round(cast(sum(sales.total_amount) / count(distinct customers.customer_id) as decimal(24,8)), 2) as decimal(15,2)) as revenue_per_customer,
    sum(sales.net_amount) as net_amount,
    sum(sales.margin) as margin
from "retail"."main"."fact_sales" as sales
inner join "retail"."main"."dim_customer" as customers on sales.customer_key = customers.customer_key
group by customers.customer_segment
order by revenue desc, customers.customer_segment
