{% test sums_to(model, column_name, total) %}
{{ config(tags=['heavy'], severity='warn') }}
select sum({{ column_name }}) as s from {{ model }} having sum({{ column_name }}) <> {{ total }}
{% endtest %}
