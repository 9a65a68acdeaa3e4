select
    products.category,
    count(distinct products.product_id) as product_count,
    cast(sum(sales.quantity) as bigint) as units_sold,
    sum(sales.total_amount) as revenue,
    sum(sales.profit) as profit,
    cast(round(cast(sum(sales.profit) * 100 / nullif(sum(sales.total_amount), 0) as decimal(24,8)), 2) as decimal(15,2)) as profit_margin_pct,
    sum(sales.net_amount) as net_amount,
    sum(sales.margin) as margin,
    cast(round(cast(sum(sales.margin) * 100 / nullif(sum(sales.net_amount), 0) as decimal(24,8)), 2) as decimal(15,2)) as margin_pct
from "retail"."main"."fact_sales" as sales
inner join "retail"."main"."dim_product" as products on sales.product_key = products.product_key
group by products.category
order by revenue desc, products.category
