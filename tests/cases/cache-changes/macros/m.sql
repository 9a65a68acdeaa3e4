{% macro m() %}{{ return(ref('b')) }}{% endmacro %}
