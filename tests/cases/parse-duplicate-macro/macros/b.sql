-- another file

{% macro one() %}2{% endmacro %}
