select id, '{{ target.name }}' as made_in from {{ ref('raw') }}
