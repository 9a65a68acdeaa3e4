select promotion_key
from (select * from "retail"."main"."dim_promotion" where false limit 0) as "_empty_1"
where promotion_key is null
