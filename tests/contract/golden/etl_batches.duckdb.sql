-- loads that rows of the fact come from, and loads of it that failed
with loaded as (
    select
        etl_batch_id,
        count(*) as records_loaded,
        min(etl_insert_date) as start_time,
        max(etl_insert_date) as end_time
    from "retail"."main"."fact_sales"
    group by etl_batch_id
),

failed as (
    select
        batch_id as etl_batch_id,
        0 as records_loaded,
        min(started_at) as start_time,
        max(ended_at) as end_time
    from "retail"."dwt_history"."batches"
    where project = 'retail' and target = 'dev' and target_schema = 'main'
        and node_id = 'model.retail.fact_sales'
        and status = 'error'
        and batch_id not in (select etl_batch_id from loaded)
    group by batch_id
)

select
    etl_batch_id,
    records_loaded,
    start_time,
    end_time
from loaded
union all
select
    etl_batch_id,
    records_loaded,
    start_time,
    end_time
from failed
order by etl_batch_id desc
limit 10
