{{ config(materialized='table') }}
{% set columns = ['id', 'name'] %}
{% for c in columns %}
  {#- a comment -#}
{% endfor %}

select
  {% for c in columns %}
    {{ c }},
  {% endfor %}
    nam as other
from {{ ref('base') }}
