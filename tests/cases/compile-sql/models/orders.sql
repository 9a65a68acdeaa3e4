{{ config(materialized='table') }}
with recursive own as (
    select * from {{ ref('mid2') }}
)
select own.* from own join {{ ref('mid') }} using (id)
