select * from {{ ref('l0_1') }} union select * from {{ ref('l0_2') }}
