with versions as (
    select
        customer_id,
        effective_date,
        expiration_date,
        is_current,
        row_number() over (partition by customer_id order by effective_date) as version_number,
        lead(effective_date) over (partition by customer_id order by effective_date) as next_effective_date
    from (select * from "retail"."main"."dim_customer" where false limit 0) as "_empty_1"
)

select *
from versions
where (version_number = 1 and effective_date <> cast('1900-01-01' as date))
    or (expiration_date is null and next_effective_date is not null)
    or (expiration_date is not null and next_effective_date is null)
    or expiration_date <> next_effective_date
    or expiration_date <= effective_date
    or (is_current and expiration_date is not null)
    or (not is_current and expiration_date is null)
