with all_values as (

    select
        store_type as value_field,
        count(*) as n_records

    from (select * from "retail"."main"."dim_store" where false limit 0) as "_empty_1"
    group by store_type

)

select *
from all_values
where value_field not in (
    'Superstore','Mall','Outlet','Express','Unknown'
)
