select
    product_id as unique_field,
    count(*) as n_records

from (select * from "retail"."main"."products" where false limit 0) as "_empty_1"
where product_id is not null
group by product_id
having count(*) > 1
