-- each store with the key it has, if it has one
with stores as (
    select
        existing.store_key as given_key,
        latest.*
    from (select * from "retail"."main"."stg_stores" where false limit 0) as latest
    left join "retail"."main"."dim_store" as existing on latest.store_id = existing.store_id
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
        cast(coalesce(given_key, (select coalesce(max(store_key), 0) from "retail"."main"."dim_store") + place) as integer) as store_key,
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

-- only what is new or has changed is written
except

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
from "retail"."main"."dim_store"
