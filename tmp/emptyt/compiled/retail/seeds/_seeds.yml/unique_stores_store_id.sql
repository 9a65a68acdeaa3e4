select
    store_id as unique_field,
    count(*) as n_records

from (select * from "retail"."main"."stores" where false limit 0) as "_empty_1"
where store_id is not null
group by store_id
having count(*) > 1
