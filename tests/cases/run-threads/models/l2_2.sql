select * from {{ ref('l1_2') }} union select * from {{ ref('l1_3') }}
