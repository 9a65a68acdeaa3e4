{{ config(materialized='incremental', unique_key='id + 1', incremental_strategy='merge', merge_exclude_columns=['loaded_by', 'NAME', 'name']) }} select * from {{ ref('raw') }}
