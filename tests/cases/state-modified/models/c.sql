{{ config(materialized='view') }} select * from {{ ref('b') }}
