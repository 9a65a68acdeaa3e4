{% set found = run_query('select distinct kind from ' ~ ref('facts') ~ ' order by 1') %}
{% set kinds = found.columns[0].values() if execute else [] %}
select id
{% for k in kinds %}
  , sum(case when kind = '{{ k }}' then n end) as {{ k }}
{% endfor %}
from {{ ref('facts') }}
group by id
