select * from {{ ref('clean') }}
