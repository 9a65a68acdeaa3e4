{{ config(materialized='incremental', unique_key='') }}
select 1 as id
