select unknown_records
from (select * from "retail"."main"."orphaned_facts" where false limit 0) as "_empty_1"
where unknown_records is null
