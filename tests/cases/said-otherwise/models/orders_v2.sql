select v + 1 as v from {{ ref('orders') }}
