{% macro rows(incremental) %}
{% if var('next', false) %}
select 2 as id, 2::bigint as retyped, 'c' as came
{% else %}
select 1 as id, 'x' as gone, 1 as retyped
{% endif %}
{% endmacro %}
