with all_values as (

    select
        customer_segment as value_field,
        count(*) as n_records

    from (select * from "retail"."main"."stg_customers" where false limit 0) as "_empty_1"
    group by customer_segment

)

select *
from all_values
where value_field not in (
    'Gold','Silver','Bronze','New'
)
