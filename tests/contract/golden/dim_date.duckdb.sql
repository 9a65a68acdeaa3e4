-- the days of the variables, and the whole years of sales before or after; what is decades away is a slip, for a test to find
with sales as (
    select
        coalesce(min(transaction_date), cast('2023-01-01' as date)) as first_sale,
        coalesce(max(transaction_date), cast('2025-12-31' as date)) as last_sale
    from "retail"."main"."stg_transactions"
    where transaction_date > date_add(cast('2023-01-01' as date), interval (-20) year) and transaction_date < date_add(cast('2025-12-31' as date), interval (20) year)
),

bounds as (
    select
        least(cast('2023-01-01' as date), cast(date_trunc('year', first_sale) as date)) as first_day,
        greatest(
            cast(date_add(cast('2025-12-31' as date), interval (1) day) as date),
            cast(date_add(date_trunc('year', last_sale), interval (1) year) as date)
        ) as day_after
    from sales
),

days as (
    select date_add(date_add(date_add(cast('2023-01-01' as date), interval (-20) year), interval (-1) year), interval (period.n) day) as date_day from range(date_diff('day', cast(date_add(date_add(cast('2023-01-01' as date), interval (-20) year), interval (-1) year) as timestamp), cast(date_add(date_add(cast('2025-12-31' as date), interval (20) year), interval (1) year) as timestamp))) as period(n)
),

parts as (
    select
        cast(date_day as date) as full_date,
        cast(strftime(date_day, '%Y%m%d') as integer) as date_key,
        cast(date_part('year', date_day) as integer) as year,
        cast(date_part('quarter', date_day) as integer) as quarter,
        cast(date_part('month', date_day) as integer) as month,
        monthname(date_day) as month_name,
        cast(date_part('day', date_day) as integer) as day,
        cast(date_part('isodow', date_day) as integer) as day_of_week,
        dayname(date_day) as day_name,
        cast(date_part('week', date_day) as integer) as week_of_year
    from days
    cross join bounds
    where date_day >= first_day and date_day < day_after
),

named as (
    select
        parts.*,
        case
            when month = 1 and day = 1 then 'New Year''s Day'
            when month = 1 and day_of_week = 1 and day between 15 and 21 then 'Birthday of Martin Luther King, Jr.'
            when month = 2 and day_of_week = 1 and day between 15 and 21 then 'Washington''s Birthday'
            when month = 5 and day_of_week = 1 and day between 25 and 31 then 'Memorial Day'
            when month = 6 and day = 19 and year >= 2021 then 'Juneteenth National Independence Day'
            when month = 7 and day = 4 then 'Independence Day'
            when month = 9 and day_of_week = 1 and day between 1 and 7 then 'Labor Day'
            when month = 10 and day_of_week = 1 and day between 8 and 14 then 'Columbus Day'
            when month = 11 and day = 11 then 'Veterans Day'
            when month = 11 and day_of_week = 4 and day between 22 and 28 then 'Thanksgiving Day'
            when month = 12 and day = 25 then 'Christmas Day'
        end as holiday_name
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
