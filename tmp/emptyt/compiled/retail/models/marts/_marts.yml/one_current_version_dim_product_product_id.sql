select
    product_id,
    sum(case when is_current then 1 else 0 end) as current_versions
from (select * from "retail"."main"."dim_product" where false limit 0) as "_empty_1"
group by product_id
having sum(case when is_current then 1 else 0 end) <> 1
