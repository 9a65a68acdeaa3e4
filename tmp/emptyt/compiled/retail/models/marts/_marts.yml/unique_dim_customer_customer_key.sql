select
    customer_key as unique_field,
    count(*) as n_records

from (select * from "retail"."main"."dim_customer" where false limit 0) as "_empty_1"
where customer_key is not null
group by customer_key
having count(*) > 1
