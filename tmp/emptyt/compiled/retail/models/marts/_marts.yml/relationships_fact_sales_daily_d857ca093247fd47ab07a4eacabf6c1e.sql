with child as (
    select date_key as from_field
    from (select * from "retail"."main"."fact_sales_daily" where false limit 0) as "_empty_1"
    where date_key is not null
),

parent as (
    select date_key as to_field
    from (select * from "retail"."main"."dim_date" where false limit 0) as "_empty_2"
)

select
    from_field

from child
left join parent
    on child.from_field = parent.to_field

where parent.to_field is null
