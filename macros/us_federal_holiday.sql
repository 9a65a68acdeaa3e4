{#
  The name of the United States federal holiday on a day, or null. The day itself is the holiday, not the weekday on which
  it is observed when it falls on a weekend: sales happen on the day. `day_of_week` counts from Monday = 1.
#}
{% macro us_federal_holiday(year, month, day, day_of_week) -%}
    case
            when {{ month }} = 1 and {{ day }} = 1 then 'New Year''s Day'
            when {{ month }} = 1 and {{ day_of_week }} = 1 and {{ day }} between 15 and 21 then 'Birthday of Martin Luther King, Jr.'
            when {{ month }} = 2 and {{ day_of_week }} = 1 and {{ day }} between 15 and 21 then 'Washington''s Birthday'
            when {{ month }} = 5 and {{ day_of_week }} = 1 and {{ day }} between 25 and 31 then 'Memorial Day'
            when {{ month }} = 6 and {{ day }} = 19 and {{ year }} >= 2021 then 'Juneteenth National Independence Day'
            when {{ month }} = 7 and {{ day }} = 4 then 'Independence Day'
            when {{ month }} = 9 and {{ day_of_week }} = 1 and {{ day }} between 1 and 7 then 'Labor Day'
            when {{ month }} = 10 and {{ day_of_week }} = 1 and {{ day }} between 8 and 14 then 'Columbus Day'
            when {{ month }} = 11 and {{ day }} = 11 then 'Veterans Day'
            when {{ month }} = 11 and {{ day_of_week }} = 4 and {{ day }} between 22 and 28 then 'Thanksgiving Day'
            when {{ month }} = 12 and {{ day }} = 25 then 'Christmas Day'
        end
{%- endmacro %}
