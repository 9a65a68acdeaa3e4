{{ config(schema='marts', materialized='table') }}
select * from {{ ref('plain') }}
