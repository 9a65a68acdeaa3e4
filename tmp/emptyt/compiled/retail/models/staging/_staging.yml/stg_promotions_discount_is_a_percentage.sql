select *
from (select * from "retail"."main"."stg_promotions" where false limit 0) as "_empty_1"
where (discount_percentage between 0 and 100) is not true
