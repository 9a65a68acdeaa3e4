select * from {{ ref('{{ base }}') }}
