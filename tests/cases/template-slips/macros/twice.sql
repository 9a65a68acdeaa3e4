{% macro twice(column) %}{{ column }} * 2{% endmacro %}
