{{ config(materialized='view') }}

-- a day without a description keeps the last one
with days as (
    select
        stock_code,
        day,
        list_price,
        last_value(description ignore nulls) over (partition by stock_code order by day) as description
    from {{ ref('product_days') }}
),

compared as (
    select
        *,
        lag(day) over (partition by stock_code order by day) as day_before,
        lag(list_price) over (partition by stock_code order by day) as price_before,
        lag(description) over (partition by stock_code order by day) as description_before
    from days
)

select
    stock_code,
    -- what a product was first seen with holds from the beginning of time
    case when day_before is null then timestamp '1900-01-01' else cast(day as timestamp) end as valid_from,
    list_price,
    description
from compared
where
    day_before is null
    or list_price is distinct from price_before
    or description is distinct from description_before
