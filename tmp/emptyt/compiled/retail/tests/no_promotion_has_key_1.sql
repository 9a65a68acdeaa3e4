-- 'No Promotion' is PROMO000 and has key 1: sales without a promotion point there.
select
    promotion_key,
    promotion_id
from (select * from "retail"."main"."dim_promotion" where false limit 0) as "_empty_1"
where (promotion_key = 1 and promotion_id <> 'PROMO000')
    or (promotion_id = 'PROMO000' and promotion_key <> 1)
