-- each customer of the source, with the day its current version has to be valid from: the beginning of time where it is
-- new, the day of the change where a tracked column has changed, and otherwise what that day is already
with latest as (
    select
        source.*,
        existing.customer_key as current_key,
        existing.effective_date as current_since,
        case
            when existing.customer_key is null then cast('1900-01-01' as date)
            when existing.effective_date < cast('2026-11-25' as date) and (
                existing.customer_segment <> source.customer_segment
                or (existing.customer_segment is null and source.customer_segment is not null)
                or (existing.customer_segment is not null and source.customer_segment is null)
            ) then cast('2026-11-25' as date)
            else existing.effective_date
        end as effective_date
    from (select * from "retail"."main"."stg_customers" where false limit 0) as source
    left join "retail"."main"."dim_customer" as existing
        on source.customer_id = existing.customer_id
        and existing.is_current
),

versions as (
    select
        case when effective_date = current_since then current_key end as given_key,
        customer_id,
        customer_segment,
        first_name,
        last_name,
        email,
        phone,
        birth_date,
        gender,
        registration_date,
        address,
        city,
        state,
        country,
        postal_code,
        effective_date,
        cast(null as date) as expiration_date,
        true as is_current
    from latest
    

    union all

    -- the versions before that
    select
        existing.customer_key,
        existing.customer_id,
        existing.customer_segment,
        latest.first_name,
        latest.last_name,
        latest.email,
        latest.phone,
        latest.birth_date,
        latest.gender,
        latest.registration_date,
        latest.address,
        latest.city,
        latest.state,
        latest.country,
        latest.postal_code,
        existing.effective_date,
        case when existing.is_current then latest.effective_date else existing.expiration_date end,
        false
    from "retail"."main"."dim_customer" as existing
    inner join latest on existing.customer_id = latest.customer_id
    where existing.effective_date < latest.effective_date
    
),

numbered as (
    select
        versions.*,
        row_number() over (
            partition by case when given_key is null then 1 else 0 end
            order by customer_id, effective_date
        ) as place
    from versions
),

members as (
    select
        cast(coalesce(given_key, (select coalesce(max(customer_key), 0) from "retail"."main"."dim_customer") + place) as integer) as customer_key,
        customer_id,
        first_name,
        last_name,
        email,
        phone,
        birth_date,
        gender,
        customer_segment,
        registration_date,
        address,
        city,
        state,
        country,
        postal_code,
        effective_date,
        expiration_date,
        is_current
    from numbered

    union all

    -- sales whose customer is missing point here
    select
        -1,
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        cast(null as date),
        'Unknown',
        'Unknown',
        cast(null as date),
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        cast('1900-01-01' as date),
        cast(null as date),
        true
)

select
    customer_key,
    customer_id,
    first_name,
    last_name,
    email,
    phone,
    birth_date,
    gender,
    customer_segment,
    registration_date,
    address,
    city,
    state,
    country,
    postal_code,
    effective_date,
    expiration_date,
    is_current
from members

-- only what is new or has changed is written
except

select
    customer_key,
    customer_id,
    first_name,
    last_name,
    email,
    phone,
    birth_date,
    gender,
    customer_segment,
    registration_date,
    address,
    city,
    state,
    country,
    postal_code,
    effective_date,
    expiration_date,
    is_current
from "retail"."main"."dim_customer"
