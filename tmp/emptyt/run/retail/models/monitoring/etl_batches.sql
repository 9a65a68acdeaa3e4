create or replace table "retail"."main"."etl_batches" as (
select
    etl_batch_id,
    count(*) as records_loaded,
    min(etl_insert_date) as start_time,
    max(etl_insert_date) as end_time
from (select * from "retail"."main"."fact_sales" where false limit 0) as "_empty_1"
group by etl_batch_id
order by etl_batch_id desc
limit 10
);
