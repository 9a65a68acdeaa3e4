select id from {{ ref('counted') }}
