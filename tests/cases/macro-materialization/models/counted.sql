{{ config(materialized='counted') }}
select 1 as id
