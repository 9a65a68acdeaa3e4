
{% macro price(name) -%}
  round({{ name }} / {{ 100 / (name | length - 4) }}, 2)
{%- endmacro %}
