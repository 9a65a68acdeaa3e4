select end_time
from (select * from "retail"."main"."etl_batches" where false limit 0) as "_empty_1"
where end_time is null
