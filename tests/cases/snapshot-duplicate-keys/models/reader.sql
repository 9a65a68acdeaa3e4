select * from {{ ref('history') }}
