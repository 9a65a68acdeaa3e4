{% macro euros(column) %}
    round({{ hundredth(column) }}, 2)
{%- endmacro %}

{% macro hundredth(column) -%}
    {{ column }} / 100.0
{%- endmacro %}
