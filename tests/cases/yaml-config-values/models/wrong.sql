{{ config(materialized='incrementl', enabled='flase', where='id > 1', tags={'a': 1}, batch_siz='day') }}
select 1 as id
