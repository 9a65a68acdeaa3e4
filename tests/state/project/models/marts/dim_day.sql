select cast('2024-01-01' as date) as day, 1 as number
