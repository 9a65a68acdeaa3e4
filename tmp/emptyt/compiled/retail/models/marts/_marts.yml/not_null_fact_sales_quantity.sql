select quantity
from (select * from "retail"."main"."fact_sales" where false limit 0) as "_empty_1"
where quantity is null
