select transaction_date
from (select * from "retail"."main"."stg_transactions" where false limit 0) as "_empty_1"
where transaction_date is null
