select * from {{ ref('orders') }} limit 3
