{{ config(materialized='table') }}
select 1 as first_of_many, 2 as second
