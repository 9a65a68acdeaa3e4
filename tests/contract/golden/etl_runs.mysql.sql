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
from `dwt_history`.`runs`
where project = 'retail' and target = 'mysql' and target_schema = 'retail'
order by started_at desc, run_id
limit 10
