create temporary table "temp"."main"."dim_promotion__dwt_tmp" as (
-- 'No Promotion' has key 1, the others count on from there
with numbered as (
    select
        promotions.*,
        case when promotion_id = 'PROMO000' then 0 else 1 end as is_promotion,
        row_number() over (
            partition by case when promotion_id = 'PROMO000' then 0 else 1 end
            order by promotion_id
        ) as place
    from (select * from "retail"."main"."stg_promotions" where false limit 0) as promotions
    where promotion_id not in (select existing.promotion_id from "retail"."main"."dim_promotion" as existing)
),

members as (
    select
        cast(case when is_promotion = 0 then 1 else (select coalesce(max(promotion_key), 1) from "retail"."main"."dim_promotion") + place end as integer) as promotion_key,
        promotion_id,
        promotion_name,
        promotion_type,
        discount_percentage,
        start_date,
        end_date,
        description
    from numbered
    
)

select
    promotion_key,
    promotion_id,
    promotion_name,
    promotion_type,
    discount_percentage,
    start_date,
    end_date,
    description
from members
);

insert into "retail"."main"."dim_promotion" ("promotion_key", "promotion_id", "promotion_name", "promotion_type", "discount_percentage", "start_date", "end_date", "description")
select "promotion_key", "promotion_id", "promotion_name", "promotion_type", "discount_percentage", "start_date", "end_date", "description" from "temp"."main"."dim_promotion__dwt_tmp";

drop table if exists "temp"."main"."dim_promotion__dwt_tmp";
