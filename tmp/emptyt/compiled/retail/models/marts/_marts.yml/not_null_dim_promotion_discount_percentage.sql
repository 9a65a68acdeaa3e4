select discount_percentage
from (select * from "retail"."main"."dim_promotion" where false limit 0) as "_empty_1"
where discount_percentage is null
