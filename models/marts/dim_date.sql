{{ config(
    indexes=[
        {'columns': ['date_key'], 'unique': true},
        {'columns': ['full_date'], 'unique': true},
        {'columns': ['year', 'month']},
    ]
) }}

{% set first_date = cast("'" ~ var('first_date') ~ "'", 'date') %}
{% set last_date = cast("'" ~ var('last_date') ~ "'", 'date') %}
{% set earliest = dateadd('year', -20, first_date) %}
{% set latest = dateadd('year', 20, last_date) %}

-- the days of the variables, and the whole years of sales before or after; what is decades away is a slip, for a test to find
with sales as (
    select
        coalesce(min(transaction_date), {{ first_date }}) as first_sale,
        coalesce(max(transaction_date), {{ last_date }}) as last_sale
    from {{ ref('stg_transactions') }}
    where transaction_date > {{ earliest }} and transaction_date < {{ latest }}
),

bounds as (
    select
        least({{ first_date }}, {{ cast(date_trunc('year', 'first_sale'), 'date') }}) as first_day,
        greatest(
            {{ cast(dateadd('day', 1, last_date), 'date') }},
            {{ cast(dateadd('year', 1, date_trunc('year', 'last_sale')), 'date') }}
        ) as day_after
    from sales
),

days as (
    {{ date_spine('day', dateadd('year', -1, earliest), dateadd('year', 1, latest)) }}
),

parts as (
    select
        {{ cast('date_day', 'date') }} as full_date,
        {{ date_key('date_day') }} as date_key,
        {{ date_part('year', 'date_day') }} as year,
        {{ date_part('quarter', 'date_day') }} as quarter,
        {{ date_part('month', 'date_day') }} as month,
        {{ month_name('date_day') }} as month_name,
        {{ date_part('day', 'date_day') }} as day,
        {{ date_part('dayofweek', 'date_day') }} as day_of_week,
        {{ day_name('date_day') }} as day_name,
        {{ date_part('week', 'date_day') }} as week_of_year
    from days
    cross join bounds
    where date_day >= first_day and date_day < day_after
),

named as (
    select
        parts.*,
        {{ us_federal_holiday('year', 'month', 'day', 'day_of_week') }} as holiday_name
    from parts
)

select
    date_key,
    full_date,
    year,
    quarter,
    month,
    month_name,
    day,
    day_of_week,
    day_name,
    week_of_year,
    day_of_week >= 6 as is_weekend,
    holiday_name is not null as is_holiday,
    holiday_name,
    case when month >= 7 then year else year - 1 end as fiscal_year,
    case
        when month between 7 and 9 then 1
        when month between 10 and 12 then 2
        when month between 1 and 3 then 3
        else 4
    end as fiscal_quarter
from named
order by date_key
