select 1 as id, null as x
