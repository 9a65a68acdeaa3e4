select day_name
from (select * from "retail"."main"."weekly_sales_trend" where false limit 0) as "_empty_1"
where day_name is null
