{% macro label(text, suffix) %}'{{ text }}{{ suffix }}'{% endmacro %}

{% macro prefixed(text) %}'{{ prefx }}{{ text }}'{% endmacro %}
