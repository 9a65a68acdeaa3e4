select {{ var('inner') }} as id
