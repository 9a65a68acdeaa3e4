{% macro fine(c) %}({{ c }}){% endmacro %}
