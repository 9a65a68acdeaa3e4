create temporary table "temp"."main"."dim_product__dwt_tmp" as (
-- each product of the source, with the day its current version has to be valid from: the beginning of time where it is
-- new, the day of the change where a tracked column has changed, and otherwise what that day is already
with latest as (
    select
        source.*,
        existing.product_key as current_key,
        existing.effective_date as current_since,
        case
            when existing.product_key is null then cast('1900-01-01' as date)
            when existing.effective_date < cast('2026-11-25' as date) and (
                existing.unit_cost <> source.unit_cost
                or (existing.unit_cost is null and source.unit_cost is not null)
                or (existing.unit_cost is not null and source.unit_cost is null)
                or existing.unit_price <> source.unit_price
                or (existing.unit_price is null and source.unit_price is not null)
                or (existing.unit_price is not null and source.unit_price is null)
            ) then cast('2026-11-25' as date)
            else existing.effective_date
        end as effective_date
    from (select * from "retail"."main"."stg_products" where false limit 0) as source
    left join "retail"."main"."dim_product" as existing
        on source.product_id = existing.product_id
        and existing.is_current
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
    

    union all

    -- the versions before that
    select
        existing.product_key,
        existing.product_id,
        existing.unit_cost,
        existing.unit_price,
        latest.product_name,
        latest.category,
        latest.subcategory,
        latest.brand,
        latest.supplier,
        existing.effective_date,
        case when existing.is_current then latest.effective_date else existing.expiration_date end,
        false
    from "retail"."main"."dim_product" as existing
    inner join latest on existing.product_id = latest.product_id
    where existing.effective_date < latest.effective_date
    
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
        cast(coalesce(given_key, (select coalesce(max(product_key), 0) from "retail"."main"."dim_product") + place) as integer) as product_key,
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

-- only what is new or has changed is written
except

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
from "retail"."main"."dim_product"
);

merge into "retail"."main"."dim_product" as DBT_INTERNAL_DEST
using "temp"."main"."dim_product__dwt_tmp" as DBT_INTERNAL_SOURCE
on ((DBT_INTERNAL_SOURCE."product_key" = DBT_INTERNAL_DEST."product_key"))
when matched then update set "product_id" = DBT_INTERNAL_SOURCE."product_id", "product_name" = DBT_INTERNAL_SOURCE."product_name", "category" = DBT_INTERNAL_SOURCE."category", "subcategory" = DBT_INTERNAL_SOURCE."subcategory", "brand" = DBT_INTERNAL_SOURCE."brand", "unit_cost" = DBT_INTERNAL_SOURCE."unit_cost", "unit_price" = DBT_INTERNAL_SOURCE."unit_price", "supplier" = DBT_INTERNAL_SOURCE."supplier", "effective_date" = DBT_INTERNAL_SOURCE."effective_date", "expiration_date" = DBT_INTERNAL_SOURCE."expiration_date", "is_current" = DBT_INTERNAL_SOURCE."is_current"
when not matched then insert ("product_key", "product_id", "product_name", "category", "subcategory", "brand", "unit_cost", "unit_price", "supplier", "effective_date", "expiration_date", "is_current") values (DBT_INTERNAL_SOURCE."product_key", DBT_INTERNAL_SOURCE."product_id", DBT_INTERNAL_SOURCE."product_name", DBT_INTERNAL_SOURCE."category", DBT_INTERNAL_SOURCE."subcategory", DBT_INTERNAL_SOURCE."brand", DBT_INTERNAL_SOURCE."unit_cost", DBT_INTERNAL_SOURCE."unit_price", DBT_INTERNAL_SOURCE."supplier", DBT_INTERNAL_SOURCE."effective_date", DBT_INTERNAL_SOURCE."expiration_date", DBT_INTERNAL_SOURCE."is_current");

drop table if exists "temp"."main"."dim_product__dwt_tmp";
