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
from "retail"."dwt_history"."runs"
where project = 'retail' and target = 'postgres' and target_schema = 'public'
order by started_at desc, run_id
limit 10
