select * from {{ ref('products') }} where id > 100
