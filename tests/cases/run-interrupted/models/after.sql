select * from {{ ref('slow_table') }}
