select
    customer_id, effective_date,
    count(*) as copies
from (select * from "retail"."main"."dim_customer" where false limit 0) as "_empty_1"
group by customer_id, effective_date
having count(*) > 1
