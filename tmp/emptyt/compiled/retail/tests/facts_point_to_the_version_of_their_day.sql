-- Sales that point to a version of their customer or product that was not valid on the day of the sale.
select
    sales.sales_key,
    dates.full_date,
    customers.effective_date as customer_effective_date,
    customers.expiration_date as customer_expiration_date,
    products.effective_date as product_effective_date,
    products.expiration_date as product_expiration_date
from (select * from "retail"."main"."fact_sales" where false limit 0) as sales
inner join (select * from "retail"."main"."dim_date" where false limit 0) as dates on sales.date_key = dates.date_key
inner join (select * from "retail"."main"."dim_customer" where false limit 0) as customers on sales.customer_key = customers.customer_key
inner join (select * from "retail"."main"."dim_product" where false limit 0) as products on sales.product_key = products.product_key
where dates.full_date < customers.effective_date
    or dates.full_date >= customers.expiration_date
    or dates.full_date < products.effective_date
    or dates.full_date >= products.expiration_date
