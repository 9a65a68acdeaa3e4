select metric
from (select * from "retail"."main"."data_quality" where false limit 0) as "_empty_1"
where metric is null
