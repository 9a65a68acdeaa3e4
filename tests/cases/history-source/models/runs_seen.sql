{{ config(materialized='table') }}
select batch_id, status, batch_id = {{ run_batch_id }} as mine from {{ source('dwt_history', 'runs') }} where run_id = '{{ invocation_id }}'
