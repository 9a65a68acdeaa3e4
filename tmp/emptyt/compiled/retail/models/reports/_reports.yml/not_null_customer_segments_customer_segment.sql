select customer_segment
from (select * from "retail"."main"."customer_segments" where false limit 0) as "_empty_1"
where customer_segment is null
