{{ config(materialized='table') }}
{% set columns = adapter.get_columns_in_relation(ref('counted')) %}
{% for c in columns %}
select {{ loop.index }} as n, '{{ c.name }}' as name {{ 'union all' if not loop.last }}
{% endfor %}
