-- each store with the key it has, if it has one
with stores as (
    select
        cast(null as integer) as given_key,
        latest.*
    from "retail"."public"."stg_stores" as latest
    
    -- a row without its key is no member: a data test of staging counts it
    where latest.store_id is not null
),

numbered as (
    select
        stores.*,
        row_number() over (
            partition by case when given_key is null then 1 else 0 end
            order by store_id
        ) as place
    from stores
),

members as (
    select
        cast(coalesce(given_key, 0 + place) as integer) as store_key,
        store_id,
        store_name,
        store_type,
        manager,
        address,
        city,
        state,
        country,
        postal_code,
        phone,
        open_date,
        square_footage,
        number_of_employees
    from numbered

    union all

    -- sales whose store is missing point here
    select
        -1,
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        cast(null as date),
        cast(null as integer),
        cast(null as integer)
)

select
    store_key,
    store_id,
    store_name,
    store_type,
    manager,
    address,
    city,
    state,
    country,
    postal_code,
    phone,
    open_date,
    square_footage,
    number_of_employees
from members
