select {{ var('n', 0) }} as n, {{ var('y') }} as y, '{{ var("answer") }}' as answer, '{{ var("yes_no") }}' as yes_no, '{{ var("day") }}' as day,
    '{{ var("version") }}' as version, '{{ var("octal") }}' as octal, '{{ var("big") }}' as big, '{{ var("none") }}' as nothing, '{{ var("flag", none) }}' as flag, '{{ var("e2", none) }}' as e2
