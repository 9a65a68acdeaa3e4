select *
from (select * from "retail"."main"."fact_sales" where false limit 0) as "_empty_1"
where (margin = net_amount - cost) is not true
