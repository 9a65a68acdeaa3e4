select
  {% for c in ['id', 'wrong'] %}
    {{ c }} as {{ c }}_2{{ ',' if not loop.last }}
  {% endfor %}
from {{ ref('base') }}
