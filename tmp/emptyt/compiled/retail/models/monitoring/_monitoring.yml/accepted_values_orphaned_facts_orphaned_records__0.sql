with all_values as (

    select
        orphaned_records as value_field,
        count(*) as n_records

    from (select * from "retail"."main"."orphaned_facts" where false limit 0) as "_empty_1"
    group by orphaned_records

)

select *
from all_values
where value_field not in (
    '0'
)
