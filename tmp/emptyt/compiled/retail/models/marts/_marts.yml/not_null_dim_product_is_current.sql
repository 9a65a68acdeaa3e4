select is_current
from (select * from "retail"."main"."dim_product" where false limit 0) as "_empty_1"
where is_current is null
