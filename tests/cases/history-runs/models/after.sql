{{ config(materialized='table') }}
select total from {{ ref('total') }}
