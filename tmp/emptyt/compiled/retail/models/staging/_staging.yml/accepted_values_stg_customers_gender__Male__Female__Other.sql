with all_values as (

    select
        gender as value_field,
        count(*) as n_records

    from (select * from "retail"."main"."stg_customers" where false limit 0) as "_empty_1"
    group by gender

)

select *
from all_values
where value_field not in (
    'Male','Female','Other'
)
