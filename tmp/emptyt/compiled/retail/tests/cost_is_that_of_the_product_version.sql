-- Sales whose cost is not the unit cost of the product version they point to, times the quantity.
select
    sales.sales_key,
    sales.cost,
    products.unit_cost,
    sales.quantity
from (select * from "retail"."main"."fact_sales" where false limit 0) as sales
inner join (select * from "retail"."main"."dim_product" where false limit 0) as products on sales.product_key = products.product_key
where sales.cost <> coalesce(products.unit_cost, 0) * sales.quantity
