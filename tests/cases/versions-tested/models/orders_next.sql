select 1 as id, 'a' as name, 5 as extra
