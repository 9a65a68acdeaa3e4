select * from {{ ref('l1_3') }} union select * from {{ ref('l1_4') }}
