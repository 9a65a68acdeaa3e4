select 1 as id, 'a' as title union all select 1, 'b'
