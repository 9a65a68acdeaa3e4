with all_values as (

    select
        fiscal_quarter as value_field,
        count(*) as n_records

    from (select * from "retail"."main"."dim_date" where false limit 0) as "_empty_1"
    group by fiscal_quarter

)

select *
from all_values
where value_field not in (
    '1','2','3','4'
)
