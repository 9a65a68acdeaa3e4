select
    id
form {{ ref('base') }}
where id = 1
