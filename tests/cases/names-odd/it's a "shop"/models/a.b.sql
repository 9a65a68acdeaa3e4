{{ config(materialized='table', alias='table') }}
select * from {{ ref('größe') }}
