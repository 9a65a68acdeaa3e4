{{ config(materialized='table') }}
select * from {{ ref('select') }}
