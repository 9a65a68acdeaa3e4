-- Promotions that have changed at the source since they were first loaded. The change is ignored (SCD Type 0), and counted here.


select
    latest.promotion_id,
    latest.promotion_name,
    latest.promotion_type,
    latest.discount_percentage,
    latest.start_date,
    latest.end_date,
    latest.description
from (select * from "retail"."main"."stg_promotions" where false limit 0) as latest

except

select
    promotion_id,
    promotion_name,
    promotion_type,
    discount_percentage,
    start_date,
    end_date,
    description
from (select * from "retail"."main"."dim_promotion" where false limit 0) as "_empty_1"
