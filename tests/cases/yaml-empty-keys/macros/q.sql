{% macro q() %}1{% endmacro %}
