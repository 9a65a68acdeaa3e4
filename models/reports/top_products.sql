select
    products.product_name,
    products.category,
    products.brand,
    {{ cast('sum(sales.quantity)', type_bigint()) }} as units_sold,
    sum(sales.total_amount) as revenue,
    sum(sales.profit) as profit,
    sum(sales.net_amount) as net_amount,
    sum(sales.margin) as margin
from {{ ref('fact_sales') }} as sales
inner join {{ ref('dim_product') }} as products on sales.product_key = products.product_key
group by products.product_name, products.category, products.brand
order by revenue desc, products.product_name, products.category, products.brand
limit {{ var('top_products') }}
