{{ config(materialized='view') }}

-- the last line of a day says where the customer is
with days as (
    select
        customer_id,
        cast(invoice_ts as date) as day,
        country,
        row_number() over (
            partition by customer_id, cast(invoice_ts as date)
            order by invoice_ts desc, invoice_no desc, line_number desc
        ) as lines_left
    from {{ ref('fact_invoice_lines') }}
    where customer_id is not null
),

compared as (
    select
        customer_id,
        day,
        country,
        lag(day) over (partition by customer_id order by day) as day_before,
        lag(country) over (partition by customer_id order by day) as country_before
    from days
    where lines_left = 1
)

select
    customer_id,
    -- where a customer was first seen holds from the beginning of time
    case when day_before is null then timestamp '1900-01-01' else cast(day as timestamp) end as valid_from,
    country
from compared
where day_before is null or country is distinct from country_before
