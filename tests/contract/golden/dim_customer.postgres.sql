-- each customer of the source, with the day its current version has to be valid from: the beginning of time where it is
-- new, the day of the change where a tracked column has changed, and otherwise what that day is already
with latest as (
    select
        source.*,
        cast(null as integer) as current_key,
        cast(null as date) as current_since,
        cast('1900-01-01' as date) as effective_date
    from "retail"."public"."stg_customers" as source
    
    -- a row without its key is no member: a data test of staging counts it
    where source.customer_id is not null
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
        cast(coalesce(given_key, 0 + place) as integer) as customer_key,
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
