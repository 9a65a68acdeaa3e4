select * from {{ ref('b') }} where id < 0
