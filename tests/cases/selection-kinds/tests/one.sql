select 1 as x where 1 = 0 and exists (select 1 from {{ ref('a') }})
