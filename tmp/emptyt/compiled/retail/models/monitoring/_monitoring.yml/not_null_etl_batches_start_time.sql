select start_time
from (select * from "retail"."main"."etl_batches" where false limit 0) as "_empty_1"
where start_time is null
