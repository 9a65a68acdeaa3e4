{{ config(materialized='ephemeral') }}
with x as (select * from {{ ref('mid') }})
select * from x
