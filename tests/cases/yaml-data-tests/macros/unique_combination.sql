{% test unique_combination(model, columns) %}select 1 from {{ model }} where false{% endtest %}
