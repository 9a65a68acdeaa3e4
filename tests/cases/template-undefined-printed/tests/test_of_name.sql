select * from {{ ref('name') }} where id = 1 and '{{ whatever }}' = ''
