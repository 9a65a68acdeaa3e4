select * from {{ ref('l0_4') }} union select * from {{ ref('l0_0') }}
