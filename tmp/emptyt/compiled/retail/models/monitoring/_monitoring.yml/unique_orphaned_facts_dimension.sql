select
    dimension as unique_field,
    count(*) as n_records

from (select * from "retail"."main"."orphaned_facts" where false limit 0) as "_empty_1"
where dimension is not null
group by dimension
having count(*) > 1
