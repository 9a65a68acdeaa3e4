select transaction_id
from (select * from "retail"."main"."fact_sales" where false limit 0) as "_empty_1"
where transaction_id is null
