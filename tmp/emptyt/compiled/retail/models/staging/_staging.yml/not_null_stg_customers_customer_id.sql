select customer_id
from (select * from "retail"."main"."stg_customers" where false limit 0) as "_empty_1"
where customer_id is null
