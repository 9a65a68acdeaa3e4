{# a view: what it shows is so at the moment of looking, the end of this very run included #}
{{ config(materialized='view') }}

select
    batch_id as etl_batch_id,
    command,
    status,
    started_at as start_time,
    ended_at as end_time,
    nodes,
    failed,
    rows_affected,
    message
from {{ source('dwt_history', 'runs') }}
where {{ of_this_target() }}
order by started_at desc, run_id
limit {{ var('recent_batches') }}
