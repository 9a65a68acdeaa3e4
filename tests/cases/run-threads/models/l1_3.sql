select * from {{ ref('l0_3') }} union select * from {{ ref('l0_4') }}
