with all_values as (

    select
        category as value_field,
        count(*) as n_records

    from (select * from "retail"."main"."dim_product" where false limit 0) as "_empty_1"
    group by category

)

select *
from all_values
where value_field not in (
    'Electronics','Clothing','Home','Sports','Unknown'
)
