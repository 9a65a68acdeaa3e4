{% macro outer(c) %}coalesce({{ inner(c) }}, 0){% endmacro %}

{% macro inner(c) %}
  abs({{ c }}) + (x+)
{%- endmacro %}

{% test small(model, column_name) %}
select * from {{ model }} where nosuch > 1 and {{ column_name }} > 10
{% endtest %}
