select * from {{ ref('l1_4') }} union select * from {{ ref('l1_0') }}
