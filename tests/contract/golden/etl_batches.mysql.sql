select
    etl_batch_id,
    count(*) as records_loaded,
    min(etl_insert_date) as start_time,
    max(etl_insert_date) as end_time
from `retail`.`fact_sales`
group by etl_batch_id
order by etl_batch_id desc
limit 10
