select
    store_key as unique_field,
    count(*) as n_records

from (select * from "retail"."main"."dim_store" where false limit 0) as "_empty_1"
where store_key is not null
group by store_key
having count(*) > 1
