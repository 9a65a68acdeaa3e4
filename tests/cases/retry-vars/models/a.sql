select {{ var('day') }} as id
