{{ config(materialized='view') }}

-- a day without a description keeps the last one
with days as (
    select
        stock_code,
        day,
        list_price,
        last_value(description ignore nulls) over (partition by stock_code order by day) as description,
        row_number() over (partition by stock_code order by day desc) as days_ago
    from {{ ref('product_days') }}
)

select
    stock_code,
    list_price,
    description,
    cast(day as timestamp) as last_sold_at
from days
where days_ago = 1
