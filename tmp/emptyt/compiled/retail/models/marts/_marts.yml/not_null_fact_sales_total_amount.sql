select total_amount
from (select * from "retail"."main"."fact_sales" where false limit 0) as "_empty_1"
where total_amount is null
