{{ config(materialized='table') }}
select * from {{ ref('numbers') }}
