{% macro twice(t) %}{{ t }}{{ t }}{% endmacro %}
