select {{ var('most') }} as n, {{ no_such() }} as m
