select
    product_id, effective_date,
    count(*) as copies
from (select * from "retail"."main"."dim_product" where false limit 0) as "_empty_1"
group by product_id, effective_date
having count(*) > 1
