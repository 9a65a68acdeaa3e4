{#
  The versions of each natural key that a snapshot holds, by day and half open: valid from effective_date on and up to,
  not including, expiration_date.

  - The first version of a key is valid from 1900-01-01: what the shop sold before the warehouse looked has a version too.
  - A later version counts from the day it was taken for (as_of_date), never from a day before the version it follows.
  - Of several versions that count from one day the last one stands.
#}
{% macro dated_versions(snapshot, natural_key, columns) %}
    select
        {{ natural_key }},
        {%- for column in columns %}
        {{ column }},
        {%- endfor %}
        effective_date,
        lead(effective_date) over (partition by {{ natural_key }} order by effective_date) as expiration_date,
        lead(effective_date) over (partition by {{ natural_key }} order by effective_date) is null as is_current
    from (
        select
            dated.*,
            row_number() over (partition by {{ natural_key }}, effective_date order by taken desc) as place_of_day
        from (
            select
                taken.*,
                case
                    when taken = 1 then {{ beginning_of_time() }}
                    else max(case when taken > 1 then as_of_date end) over (partition by {{ natural_key }} order by taken)
                end as effective_date
            from (
                select
                    snapshot_rows.*,
                    row_number() over (partition by {{ natural_key }} order by dbt_valid_from) as taken
                from {{ snapshot }} as snapshot_rows
            ) as taken
        ) as dated
    ) as placed
    where place_of_day = 1
{%- endmacro %}

{# What the first version of everything is valid from. #}
{% macro beginning_of_time() %}
    {{- cast("'1900-01-01'", 'date') -}}
{% endmacro %}

{#
  The value of an overwritten (Type 1) column in a version. Reads the aliases `versions` (what the snapshot holds),
  `latest` (the source now) and `existing` (the dimension so far); `key` is the natural key.
  A key that the source no longer has keeps what it had.
#}
{% macro overwritten(column, key) %}
    {%- if is_incremental() and var('overwrite') == 'current' -%}
        case when versions.is_current or existing.{{ key }} is null then latest.{{ column }} else existing.{{ column }} end
    {%- elif is_incremental() -%}
        latest.{{ column }}
    {%- else -%}
        case when latest.{{ key }} is null then versions.{{ column }} else latest.{{ column }} end
    {%- endif -%}
{% endmacro %}
