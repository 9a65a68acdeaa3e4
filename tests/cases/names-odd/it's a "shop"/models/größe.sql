{{ config(materialized='incremental', unique_key='Group By') }}
select * from {{ ref('Order Lines') }}
