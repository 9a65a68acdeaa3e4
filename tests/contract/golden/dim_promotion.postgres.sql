-- 'No Promotion' has key 1, the others count on from there
with numbered as (
    select
        promotions.*,
        case when promotion_id = 'PROMO000' then 0 else 1 end as is_promotion,
        row_number() over (
            partition by case when promotion_id = 'PROMO000' then 0 else 1 end
            order by promotion_id
        ) as place
    from "retail"."public"."stg_promotions" as promotions
    -- a row without its key is no member: a data test of staging counts it
    where promotion_id is not null
    
),

members as (
    select
        cast(case when is_promotion = 0 then 1 else 1 + place end as integer) as promotion_key,
        promotion_id,
        promotion_name,
        promotion_type,
        discount_percentage,
        start_date,
        end_date,
        description
    from numbered
    

    union all

    -- sales whose promotion is missing point here
    select
        -1,
        'Unknown',
        'Unknown',
        'Unknown',
        cast(0 as decimal(5,2)),
        cast('1900-01-01' as date),
        cast('2099-12-31' as date),
        'Unknown'

    union all

    -- sales without a promotion point to key 1, whatever the source has
    select
        1,
        'PROMO000',
        'No Promotion',
        'None',
        cast(0 as decimal(5,2)),
        cast('2020-01-01' as date),
        cast('2099-12-31' as date),
        'Default no promotion'
    where not exists (select 1 from numbered where numbered.promotion_id = 'PROMO000')
    
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
