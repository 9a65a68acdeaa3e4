select * from {{ ref('l0_2') }} union select * from {{ ref('l0_3') }}
