select transaction_id
from (select * from "retail"."main"."stg_transactions" where false limit 0) as "_empty_1"
where transaction_id is null
