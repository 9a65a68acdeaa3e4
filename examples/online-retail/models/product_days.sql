{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='day',
    on_schema_change='fail'
) }}

with kept as (
    select
        stock_code,
        cast(invoice_ts as date) as day,
        unit_price,
        description
    from {{ ref('stg_invoice_lines') }}
    where rejected_reason is null
),

{% if is_incremental() %}
-- days that have come, or have more lines than they had
changed_days as (
    select day, count(*) as lines
    from kept
    group by day

    except

    select day, cast(sum(lines) as bigint)
    from {{ this }}
    group by day
),
{% endif %}

wanted as (
    select *
    from kept
    {% if is_incremental() -%}
    where day in (select day from changed_days)
    {%- endif %}
),

prices as (
    select
        stock_code,
        day,
        unit_price,
        sum(count(*)) over (partition by stock_code, day) as lines,
        row_number() over (partition by stock_code, day order by count(*) desc, unit_price desc) as place
    from wanted
    group by stock_code, day, unit_price
),

descriptions as (
    select
        stock_code,
        day,
        description,
        row_number() over (partition by stock_code, day order by count(*) desc, description) as place
    from wanted
    where description is not null
    group by stock_code, day, description
)

select
    prices.stock_code,
    prices.day,
    prices.unit_price as list_price,
    descriptions.description,
    cast(prices.lines as bigint) as lines
from prices
left join descriptions
    on prices.stock_code = descriptions.stock_code
    and prices.day = descriptions.day
    and descriptions.place = 1
where prices.place = 1
order by prices.day, prices.stock_code
