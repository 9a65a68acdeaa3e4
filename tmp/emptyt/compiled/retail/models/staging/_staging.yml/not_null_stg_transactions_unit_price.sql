select unit_price
from (select * from "retail"."main"."stg_transactions" where false limit 0) as "_empty_1"
where unit_price is null
