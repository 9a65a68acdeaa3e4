{{ config(materialized='table') }}
select max(status) as status from {{ ref('between') }}
