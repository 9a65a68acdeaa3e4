select '{{ var("e2", none) }}' as e2
