{{ config(materialized='incremental', unique_key='changed_a', incremental_strategy='append') }} select * from {{ ref('raw') }}
