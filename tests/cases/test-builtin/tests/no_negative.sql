select * from {{ ref('clean') }} where id < 0
