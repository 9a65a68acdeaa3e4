-- Sales whose cost is not the unit cost of the product version they point to, times the quantity.
select
    sales.sales_key,
    sales.cost,
    products.unit_cost,
    sales.quantity
from {{ ref('fact_sales') }} as sales
inner join {{ ref('dim_product') }} as products on sales.product_key = products.product_key
where sales.cost <> coalesce(products.unit_cost, 0) * sales.quantity
