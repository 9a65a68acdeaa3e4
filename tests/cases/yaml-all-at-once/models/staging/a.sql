select {{ var('first') }} as id from {{ ref('nope') }}
