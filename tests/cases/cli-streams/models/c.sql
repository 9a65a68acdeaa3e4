select idd from {{ ref('b') }}
