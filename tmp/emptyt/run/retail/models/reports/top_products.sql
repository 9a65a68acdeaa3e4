create or replace table "retail"."main"."top_products" as (
select
    products.product_name,
    products.category,
    products.brand,
    cast(sum(sales.quantity) as bigint) as units_sold,
    sum(sales.total_amount) as revenue,
    sum(sales.profit) as profit,
    sum(sales.net_amount) as net_amount,
    sum(sales.margin) as margin
from (select * from "retail"."main"."fact_sales" where false limit 0) as sales
inner join (select * from "retail"."main"."dim_product" where false limit 0) as products on sales.product_key = products.product_key
group by products.product_name, products.category, products.brand
order by revenue desc, products.product_name, products.category, products.brand
limit 10
);
