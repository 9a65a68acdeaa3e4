{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='day',
    on_schema_change='fail'
) }}

with daily as (
    select
        cast(invoice_ts as date) as day,
        country,
        count(*) as lines,
        count(distinct invoice_no) as invoices,
        cast(sum(quantity) as bigint) as units,
        cast(sum(amount) as decimal(18, 3)) as amount
    from {{ ref('fact_invoice_lines') }}
    group by day, country
)

select *
from daily
{% if is_incremental() %}
where day in (
    select changed.day
    from (
        select * from daily
        except
        select * from {{ this }}
    ) as changed
)
{% endif %}
order by day, country
