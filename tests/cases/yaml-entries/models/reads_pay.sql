select {{ cents('1') }} as x from {{ ref('pay') }}, {{ ref('a') }}
