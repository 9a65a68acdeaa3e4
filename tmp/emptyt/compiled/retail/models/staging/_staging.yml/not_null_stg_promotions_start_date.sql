select start_date
from (select * from "retail"."main"."stg_promotions" where false limit 0) as "_empty_1"
where start_date is null
