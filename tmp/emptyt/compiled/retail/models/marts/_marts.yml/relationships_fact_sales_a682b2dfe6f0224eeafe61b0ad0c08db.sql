with child as (
    select customer_key as from_field
    from (select * from "retail"."main"."fact_sales" where false limit 0) as "_empty_1"
    where customer_key is not null
),

parent as (
    select customer_key as to_field
    from (select * from "retail"."main"."dim_customer" where false limit 0) as "_empty_2"
)

select
    from_field

from child
left join parent
    on child.from_field = parent.to_field

where parent.to_field is null
