select * from {{ ref('l1_1') }} union select * from {{ ref('l1_2') }}
