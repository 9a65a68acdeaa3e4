select product_key
from (select * from "retail"."main"."dim_product" where false limit 0) as "_empty_1"
where product_key is null
