select
    id,
    cast(status as integer) as status
from {{ ref('orders') }}
