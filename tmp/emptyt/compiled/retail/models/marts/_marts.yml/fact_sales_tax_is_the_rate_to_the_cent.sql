select *
from (select * from "retail"."main"."fact_sales" where false limit 0) as "_empty_1"
where (abs(tax_amount - net_amount * 0.08) <= 0.01) is not true
