select * from {{ ref('shopp', 'base') }}
