with trimmed as (
    select
        nullif(trim(store_id), '') as store_id,
        nullif(trim(store_name), '') as store_name,
        nullif(trim(store_type), '') as store_type,
        nullif(trim(manager), '') as manager,
        nullif(trim(address), '') as address,
        nullif(trim(city), '') as city,
        nullif(trim(state), '') as state,
        nullif(trim(country), '') as country,
        nullif(trim(postal_code), '') as postal_code,
        nullif(trim(phone), '') as phone,
        cast(open_date as date) as open_date,
        cast(square_footage as integer) as square_footage,
        cast(number_of_employees as integer) as number_of_employees
    from "retail"."main"."stores"
),

-- of copies the one opened last stays
numbered as (
    select
        trimmed.*,
        row_number() over (
            partition by store_id
            order by open_date desc, store_name, manager, address, phone, store_type, postal_code, square_footage, number_of_employees, city, state
        ) as copy_number
    from trimmed
)

select
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
-- rows without a key are no copies of each other: they stay, for the data tests to find
where copy_number = 1 or store_id is null
