select
    date_key, store_key, product_key,
    count(*) as copies
from (select * from "retail"."main"."fact_sales_daily" where false limit 0) as "_empty_1"
group by date_key, store_key, product_key
having count(*) > 1
