select {{ twice('n') }} as n from {{ ref('a') }}
