select tax_amount
from (select * from "retail"."main"."fact_sales" where false limit 0) as "_empty_1"
where tax_amount is null
