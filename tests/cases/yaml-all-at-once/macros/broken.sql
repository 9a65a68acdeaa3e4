{% macro helper() %}{% if x %}{% endmacro %}
