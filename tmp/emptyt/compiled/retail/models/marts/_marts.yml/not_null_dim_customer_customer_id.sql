select customer_id
from (select * from "retail"."main"."dim_customer" where false limit 0) as "_empty_1"
where customer_id is null
