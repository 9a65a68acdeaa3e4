with all_values as (

    select
        quarter as value_field,
        count(*) as n_records

    from (select * from "retail"."main"."dim_date" where false limit 0) as "_empty_1"
    group by quarter

)

select *
from all_values
where value_field not in (
    '1','2','3','4'
)
