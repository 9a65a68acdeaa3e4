{{ config(materialized='incremental', unique_key='idd') }} select * from {{ ref('raw') }}
