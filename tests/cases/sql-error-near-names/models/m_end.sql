select * from {{ ref('orders') }} where
