select promotion_id
from (select * from "retail"."main"."stg_promotions" where false limit 0) as "_empty_1"
where promotion_id is null
