select store_key
from (select * from "retail"."main"."fact_sales_daily" where false limit 0) as "_empty_1"
where store_key is null
