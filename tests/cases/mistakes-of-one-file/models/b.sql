select {{ 'a' + 1 }} as x from {{ ref('aa') }}
