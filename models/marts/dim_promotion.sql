{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    full_refresh=false,
    indexes=[
        {'columns': ['promotion_key'], 'unique': true},
        {'columns': ['promotion_id'], 'unique': true},
        {'columns': ['start_date', 'end_date']},
    ]
) }}

-- 'No Promotion' has key 1, the others count on from there
with numbered as (
    select
        promotions.*,
        case when promotion_id = 'PROMO000' then 0 else 1 end as is_promotion,
        row_number() over (
            partition by case when promotion_id = 'PROMO000' then 0 else 1 end
            order by promotion_id
        ) as place
    from {{ ref('stg_promotions') }} as promotions
    -- a row without its key is no member: a data test of staging counts it
    where promotion_id is not null
    {% if is_incremental() -%}
    and promotion_id not in (select existing.promotion_id from {{ this }} as existing)
    {%- endif %}
),

members as (
    select
        {{ cast(
            'case when is_promotion = 0 then 1 else ' ~ highest_key('promotion_key', 1) ~ ' + place end',
            type_int()
        ) }} as promotion_key,
        promotion_id,
        promotion_name,
        promotion_type,
        discount_percentage,
        start_date,
        end_date,
        description
    from numbered
    {% if not is_incremental() %}

    union all

    -- sales whose promotion is missing point here
    select
        -1,
        'Unknown',
        'Unknown',
        'Unknown',
        {{ cast('0', 'decimal(5,2)') }},
        {{ beginning_of_time() }},
        {{ cast("'2099-12-31'", 'date') }},
        'Unknown'

    union all

    -- sales without a promotion point to key 1, whatever the source has
    select
        1,
        'PROMO000',
        'No Promotion',
        'None',
        {{ cast('0', 'decimal(5,2)') }},
        {{ cast("'2020-01-01'", 'date') }},
        {{ cast("'2099-12-31'", 'date') }},
        'Default no promotion'
    where not exists (select 1 from numbered where numbered.promotion_id = 'PROMO000')
    {% endif %}
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
