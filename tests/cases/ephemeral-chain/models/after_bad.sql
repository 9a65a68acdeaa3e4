select * from {{ ref('reads_bad') }}
