select *
from (select * from "retail"."main"."fact_sales" where false limit 0) as "_empty_1"
where (total_amount = unit_price * quantity - discount_amount + tax_amount) is not true
