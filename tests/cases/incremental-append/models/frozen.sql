{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false) }}
select i as id from range(1, {{ var('top', 2) + 1 }}) t(i)
