{% test within(model, column_name, lo, hi) %}select * from {{ model }} where {{ column_name }} not between {{ lo }} and {{ hi }}{% endtest %}
