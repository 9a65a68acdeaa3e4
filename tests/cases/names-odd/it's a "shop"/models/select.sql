select 1 as "order", 2 as "Group By", 3 as "a""b", 4 as "größe"
