select {{ helper() }} as x, {{ no_helper() }} as y
from {{ ref('broken') }}, {{ source('raw', 'orders') }}, {{ source('raw', 'nothing') }}
