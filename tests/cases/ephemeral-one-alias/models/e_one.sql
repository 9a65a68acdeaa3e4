{{ config(alias='e', schema='one') }} select 1 as id
