select * from {{ ref('b') }} where n = 2
