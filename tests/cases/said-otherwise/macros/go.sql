{% macro go() %}{{ var('by_variable', 'x') }}{% endmacro %}
