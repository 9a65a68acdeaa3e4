{% macro cents(expression) %}({{ expression }} * 100){% endmacro %}
