select * from {{ ref('c') }} union all select * from {{ ref('e') }}
