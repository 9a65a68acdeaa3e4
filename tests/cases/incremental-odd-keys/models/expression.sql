{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='lower(code)') }}
select {{ "'A' as code, 2" if is_incremental() else "'a' as code, 1" }} as v
