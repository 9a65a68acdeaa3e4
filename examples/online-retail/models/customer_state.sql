{{ config(materialized='view') }}

with placed as (
    select
        customer_id,
        country,
        cast(invoice_ts as date) as day,
        row_number() over (
            partition by customer_id
            order by invoice_ts desc, invoice_no desc, line_number desc
        ) as lines_ago
    from {{ ref('fact_invoice_lines') }}
    where customer_id is not null
)

select
    customer_id,
    country,
    cast(day as timestamp) as last_bought_at
from placed
where lines_ago = 1
