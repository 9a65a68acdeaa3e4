select count(*) as n from {{ ref('facts') }}
