select
    sales_key as unique_field,
    count(*) as n_records

from (select * from "retail"."main"."fact_sales" where false limit 0) as "_empty_1"
where sales_key is not null
group by sales_key
having count(*) > 1
