select x, {{ fine('xx') }} as y from {{ ref('b') }}
