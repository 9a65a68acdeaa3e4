{% test every(model, options, text, deep) %}{{ config(fail_calc='coalesce(sum(1), 0)') }} select 1 from {{ model }} where false {% endtest %}
