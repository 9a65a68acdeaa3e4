select zzz from {{ ref('wide') }}
