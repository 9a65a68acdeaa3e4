select * from {{ ref('l1_0') }} union select * from {{ ref('l1_1') }}
