{% macro to_euros(column) %}{{ scaled(column, 100) }}{% endmacro %}

{% macro scaled(column, by) %}({{ column }} / {{ by }}){% endmacro %}

{% macro unused() %}1{% endmacro %}
