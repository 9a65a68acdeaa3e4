-- each product of the source, with the day its current version has to be valid from: the beginning of time where it is
-- new, the day of the change where a tracked column has changed, and otherwise what that day is already
with latest as (
    select
        source.*,
        cast(null as signed) as current_key,
        cast(null as date) as current_since,
        cast('1900-01-01' as date) as effective_date
    from `retail`.`stg_products` as source
    
    -- a row without its key is no member: a data test of staging counts it
    where source.product_id is not null
),

versions as (
    select
        case when effective_date = current_since then current_key end as given_key,
        product_id,
        unit_cost,
        unit_price,
        product_name,
        category,
        subcategory,
        brand,
        supplier,
        effective_date,
        cast(null as date) as expiration_date,
        true as is_current
    from latest
    
),

numbered as (
    select
        versions.*,
        row_number() over (
            partition by case when given_key is null then 1 else 0 end
            order by product_id, effective_date
        ) as place
    from versions
),

members as (
    select
        cast(coalesce(given_key, 0 + place) as signed) as product_key,
        product_id,
        product_name,
        category,
        subcategory,
        brand,
        unit_cost,
        unit_price,
        supplier,
        effective_date,
        expiration_date,
        is_current
    from numbered

    union all

    -- sales whose product is missing point here
    select
        -1,
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        cast(null as decimal(10,2)),
        cast(null as decimal(10,2)),
        'Unknown',
        cast('1900-01-01' as date),
        cast(null as date),
        true
)

select
    product_key,
    product_id,
    product_name,
    category,
    subcategory,
    brand,
    unit_cost,
    unit_price,
    supplier,
    effective_date,
    expiration_date,
    is_current
from members
