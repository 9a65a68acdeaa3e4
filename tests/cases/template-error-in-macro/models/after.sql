select * from {{ ref('products') }}
