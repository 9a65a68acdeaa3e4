select
    id as order_id,
    customer_id,
    cast(ordered_on as date) as order_date,
    status,
    {{ euros('amount') }} as amount
from {{ ref('raw_orders') }}
where amount >= {{ var('minimum') }}
