-- Days on which the daily aggregate and the fact differ.
with fact_days as (
    select cast(invoice_ts as date) as day, count(*) as lines, sum(quantity) as units, sum(amount) as amount
    from {{ ref('fact_invoice_lines') }}
    group by all
),

daily_days as (
    select day, sum(lines) as lines, sum(units) as units, sum(amount) as amount
    from {{ ref('daily_sales') }}
    group by all
)

(select * from fact_days except select * from daily_days)
union all
(select * from daily_days except select * from fact_days)
