with trimmed as (
    select
        nullif(trim(promotion_id), '') as promotion_id,
        nullif(trim(promotion_name), '') as promotion_name,
        nullif(trim(promotion_type), '') as promotion_type,
        cast(discount_percentage as decimal(5,2)) as discount_percentage,
        cast(start_date as date) as start_date,
        cast(end_date as date) as end_date,
        nullif(trim(description), '') as description
    from "retail"."main"."promotions"
),

-- of copies the one that starts last stays
numbered as (
    select
        trimmed.*,
        row_number() over (
            partition by promotion_id
            order by start_date desc, end_date desc, discount_percentage, promotion_name, promotion_type, description
        ) as copy_number
    from trimmed
)

select
    promotion_id,
    promotion_name,
    promotion_type,
    discount_percentage,
    start_date,
    end_date,
    description
from numbered
-- rows without a key are no copies of each other: they stay, for the data tests to find
where copy_number = 1 or promotion_id is null
