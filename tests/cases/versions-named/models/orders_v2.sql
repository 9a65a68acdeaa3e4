select id, nope from {{ ref('orders', v=1) }}
