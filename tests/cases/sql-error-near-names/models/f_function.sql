select uper(status) as status from {{ ref('orders') }}
