select promotion_id
from (select * from "retail"."main"."dim_promotion" where false limit 0) as "_empty_1"
where promotion_id is null
