select order_id
from {{ ref('orders') }}
wehre amount > 1
