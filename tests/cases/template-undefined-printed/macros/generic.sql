{% test odd(model, column_name) %}
select * from {{ model }} where {{ colum_name }} % 2 = 0
{% endtest %}
{% test calls_nothing(model, column_name) %}
select * from {{ model }} where {{ nomacro() }} = 3
{% endtest %}
