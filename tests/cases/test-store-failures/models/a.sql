select null as id, 'x' as v
