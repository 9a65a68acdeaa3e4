{#
  Versions of a natural key that overlap, leave a gap, are empty, do not begin at the beginning of time, or are
  called current wrongly. Each runs from effective_date on and up to, not including, expiration_date.
#}
{% test versions_are_seamless(model, column_name) %}
with versions as (
    select
        {{ column_name }},
        effective_date,
        expiration_date,
        is_current,
        row_number() over (partition by {{ column_name }} order by effective_date) as version_number,
        lead(effective_date) over (partition by {{ column_name }} order by effective_date) as next_effective_date
    from {{ model }}
)

select *
from versions
where (version_number = 1 and effective_date <> {{ beginning_of_time() }})
    or (expiration_date is null and next_effective_date is not null)
    or (expiration_date is not null and next_effective_date is null)
    or expiration_date <> next_effective_date
    or expiration_date <= effective_date
    or (is_current and expiration_date is not null)
    or (not is_current and expiration_date is null)
{% endtest %}
