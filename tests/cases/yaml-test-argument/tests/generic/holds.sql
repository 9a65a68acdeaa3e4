{% test holds(model, column_name, expression) %}
select * from {{ model }} where not ({{ expression }}{% if column_name %} and {{ column_name }} is not null{% endif %})
{% endtest %}
