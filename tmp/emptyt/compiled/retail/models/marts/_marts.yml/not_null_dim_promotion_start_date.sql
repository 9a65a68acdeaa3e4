select start_date
from (select * from "retail"."main"."dim_promotion" where false limit 0) as "_empty_1"
where start_date is null
