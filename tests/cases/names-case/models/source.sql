{{ config(materialized='table') }}
select 1 as "Id", 2 as "Val"
