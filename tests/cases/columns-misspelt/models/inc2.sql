{{ config(materialized='incremental', unique_key=['id','nam'], incremental_strategy='merge') }} select * from {{ ref('raw') }}
