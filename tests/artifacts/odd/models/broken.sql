select * from {{ ref('first') }} where missing_column = 1
