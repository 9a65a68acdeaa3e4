select effective_date
from (select * from "retail"."main"."dim_customer" where false limit 0) as "_empty_1"
where effective_date is null
