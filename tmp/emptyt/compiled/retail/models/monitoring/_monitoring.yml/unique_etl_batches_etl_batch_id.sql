select
    etl_batch_id as unique_field,
    count(*) as n_records

from (select * from "retail"."main"."etl_batches" where false limit 0) as "_empty_1"
where etl_batch_id is not null
group by etl_batch_id
having count(*) > 1
