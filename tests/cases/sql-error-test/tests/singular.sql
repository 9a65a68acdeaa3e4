-- rows that should not be

select *
from {{ ref('a') }}
where idx > 0
