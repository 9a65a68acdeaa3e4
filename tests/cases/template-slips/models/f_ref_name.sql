select * from {{ ref(a_tag) }}
