select id, customer_id, {{ to_euros('amount') }} as amount, ordered_at
from {{ source('raw', 'orders') }}
where id < {{ var('cutoff') }}
