{{ config(materialized='table') }}
select p.* from {{ ref('people') }} p join {{ ref('people') }} as q on p.id = q.id
