select * from {{ ref('mid2') }}
