select
    o.order_id
    o.amount
from {{ ref('orders') }} as o
