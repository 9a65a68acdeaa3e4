select x, {{ outer('x') }} as y from {{ ref('b') }}
