{{ config(materialized='table') }}
select count(*) as n from range(400000000) a, range(400000000) b
