create temporary table "temp"."main"."dim_store__dwt_tmp" as (
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
);

merge into "retail"."main"."dim_store" as DBT_INTERNAL_DEST
using "temp"."main"."dim_store__dwt_tmp" as DBT_INTERNAL_SOURCE
on ((DBT_INTERNAL_SOURCE."store_key" = DBT_INTERNAL_DEST."store_key"))
when matched then update set "store_id" = DBT_INTERNAL_SOURCE."store_id", "store_name" = DBT_INTERNAL_SOURCE."store_name", "store_type" = DBT_INTERNAL_SOURCE."store_type", "manager" = DBT_INTERNAL_SOURCE."manager", "address" = DBT_INTERNAL_SOURCE."address", "city" = DBT_INTERNAL_SOURCE."city", "state" = DBT_INTERNAL_SOURCE."state", "country" = DBT_INTERNAL_SOURCE."country", "postal_code" = DBT_INTERNAL_SOURCE."postal_code", "phone" = DBT_INTERNAL_SOURCE."phone", "open_date" = DBT_INTERNAL_SOURCE."open_date", "square_footage" = DBT_INTERNAL_SOURCE."square_footage", "number_of_employees" = DBT_INTERNAL_SOURCE."number_of_employees"
when not matched then insert ("store_key", "store_id", "store_name", "store_type", "manager", "address", "city", "state", "country", "postal_code", "phone", "open_date", "square_footage", "number_of_employees") values (DBT_INTERNAL_SOURCE."store_key", DBT_INTERNAL_SOURCE."store_id", DBT_INTERNAL_SOURCE."store_name", DBT_INTERNAL_SOURCE."store_type", DBT_INTERNAL_SOURCE."manager", DBT_INTERNAL_SOURCE."address", DBT_INTERNAL_SOURCE."city", DBT_INTERNAL_SOURCE."state", DBT_INTERNAL_SOURCE."country", DBT_INTERNAL_SOURCE."postal_code", DBT_INTERNAL_SOURCE."phone", DBT_INTERNAL_SOURCE."open_date", DBT_INTERNAL_SOURCE."square_footage", DBT_INTERNAL_SOURCE."number_of_employees");

drop table if exists "temp"."main"."dim_store__dwt_tmp";
