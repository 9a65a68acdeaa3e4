select * from {{ ref('l0_0') }} union select * from {{ ref('l0_1') }}
