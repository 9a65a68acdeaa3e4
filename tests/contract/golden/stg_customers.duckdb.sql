with trimmed as (
    select
        nullif(trim(customer_id), '') as customer_id,
        nullif(trim(first_name), '') as first_name,
        nullif(trim(last_name), '') as last_name,
        nullif(trim(email), '') as email,
        nullif(trim(phone), '') as phone,
        cast(birth_date as date) as birth_date,
        nullif(trim(gender), '') as gender,
        nullif(trim(customer_segment), '') as customer_segment,
        cast(registration_date as date) as registration_date,
        nullif(trim(address), '') as address,
        nullif(trim(city), '') as city,
        nullif(trim(state), '') as state,
        nullif(trim(country), '') as country,
        nullif(trim(postal_code), '') as postal_code
    from "retail"."main"."customers"
),

-- of copies the one registered last stays
numbered as (
    select
        trimmed.*,
        row_number() over (
            partition by customer_id
            order by registration_date desc, email, customer_segment, address, phone, first_name, last_name, postal_code, birth_date, gender, city, state
        ) as copy_number
    from trimmed
)

select
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
    postal_code
from numbered
-- rows without a key are no copies of each other: they stay, for the data tests to find
where copy_number = 1 or customer_id is null
