{{ config(materialized='table') }}
select i as id, i % 2 as odd from range(10) t(i)
