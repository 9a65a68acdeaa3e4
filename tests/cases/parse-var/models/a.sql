select '{{ var("day") }}' as day limit {{ var('limit', 1) }}
