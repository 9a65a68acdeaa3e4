select
    customer_id as unique_field,
    count(*) as n_records

from (select * from "retail"."main"."stg_customers" where false limit 0) as "_empty_1"
where customer_id is not null
group by customer_id
having count(*) > 1
