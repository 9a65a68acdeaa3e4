{% macro now() %}{{ return(adapter.dispatch('now', 'shop')()) }}{% endmacro %}
{% macro default__now() %}default{% endmacro %}
{% macro duckdb__now() %}duck{% endmacro %}
{% macro all_of() %}{{ varargs | join('+') }};{{ kwargs['k'] }}{% endmacro %}
{% macro wrap() %}<{{ caller('in') }}>{% endmacro %}
{% macro apply(f, x) %}{{ f(x) }}{% endmacro %}
{% macro twice(x, times=2) %}{{ x * times }}{% endmacro %}
