{% macro need(x) %}
  {% do exceptions.warn('about to fail') %}
  {% if x is none %}
    {{ exceptions.raise_compiler_error("x is needed here:\nnone given") }}
  {% endif %}
{% endmacro %}
