{{ config(materialized='table') }}
select
    id,
    cast(name as integer) as n
from {{ ref('base') }}
