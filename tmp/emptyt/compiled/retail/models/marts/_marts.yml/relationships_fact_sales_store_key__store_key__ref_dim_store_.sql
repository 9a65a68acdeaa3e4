with child as (
    select store_key as from_field
    from (select * from "retail"."main"."fact_sales" where false limit 0) as "_empty_1"
    where store_key is not null
),

parent as (
    select store_key as to_field
    from (select * from "retail"."main"."dim_store" where false limit 0) as "_empty_2"
)

select
    from_field

from child
left join parent
    on child.from_field = parent.to_field

where parent.to_field is null
