{% macro price_columns(names) %}
  {%- for n in names %}
  {{ price(n) }} as {{ n }}{{ ',' if not loop.last }}
  {%- endfor %}
{% endmacro %}
