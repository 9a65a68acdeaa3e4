select etl_batch_id
from (select * from "retail"."main"."etl_batches" where false limit 0) as "_empty_1"
where etl_batch_id is null
