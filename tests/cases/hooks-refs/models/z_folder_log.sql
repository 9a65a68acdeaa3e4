{{ config(materialized='table') }} select cast(null as varchar) as name where false
