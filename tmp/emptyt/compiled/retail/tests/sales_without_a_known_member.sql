-- Sales whose customer, product, store or promotion has not arrived. They are kept, under the unknown member, and are
-- re-pointed when it arrives; until then this counts them.


select
    sales_key,
    transaction_id,
    line_item_number,
    customer_key,
    product_key,
    store_key,
    promotion_key
from (select * from "retail"."main"."fact_sales" where false limit 0) as "_empty_1"
where customer_key = -1 or product_key = -1 or store_key = -1 or promotion_key = -1
