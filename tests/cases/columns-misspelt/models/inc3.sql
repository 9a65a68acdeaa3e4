{{ config(materialized='incremental', unique_key='id', incremental_strategy='merge', merge_update_columns=['nme']) }} select * from {{ ref('raw') }}
