select
    transaction_id, line_item_number,
    count(*) as copies
from (select * from "retail"."main"."stg_transactions" where false limit 0) as "_empty_1"
group by transaction_id, line_item_number
having count(*) > 1
