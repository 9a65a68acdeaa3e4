select * from {{ ref('a') }}, {{ ref('b') }}
