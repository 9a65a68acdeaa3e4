select
    product_key as unique_field,
    count(*) as n_records

from (select * from "retail"."main"."dim_product" where false limit 0) as "_empty_1"
where product_key is not null
group by product_key
having count(*) > 1
