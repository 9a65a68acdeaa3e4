select 1 as id, 'pen' as name
