select dimension
from (select * from "retail"."main"."orphaned_facts" where false limit 0) as "_empty_1"
where dimension is null
