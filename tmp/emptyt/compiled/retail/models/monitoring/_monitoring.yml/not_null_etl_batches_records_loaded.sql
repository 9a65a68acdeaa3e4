select records_loaded
from (select * from "retail"."main"."etl_batches" where false limit 0) as "_empty_1"
where records_loaded is null
