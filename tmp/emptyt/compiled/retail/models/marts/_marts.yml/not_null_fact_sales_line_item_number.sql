select line_item_number
from (select * from "retail"."main"."fact_sales" where false limit 0) as "_empty_1"
where line_item_number is null
