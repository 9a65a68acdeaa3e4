select * from {{ var('by_variable') }}
