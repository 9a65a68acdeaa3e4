-- Orders of today.
{% set columns = ['id'] %}
select {{ columns | join(', ') }}
from {{ ref('custmers') }}
join {{ ref('nothing_like_it') }} using (id)
