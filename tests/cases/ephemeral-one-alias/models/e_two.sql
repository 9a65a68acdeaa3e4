{{ config(alias='E', schema='two') }} select 2 as id
