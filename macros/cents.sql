{# An amount or a rate as a decimal of two digits, rounded half away from zero: the same on every engine. #}
{% macro cents(expression) %}
    {{- cast(round(cast(expression, 'decimal(24,8)'), 2), 'decimal(15,2)') -}}
{% endmacro %}
