with trimmed as (
    select
        nullif(trim(product_id), '') as product_id,
        nullif(trim(product_name), '') as product_name,
        nullif(trim(category), '') as category,
        nullif(trim(subcategory), '') as subcategory,
        nullif(trim(brand), '') as brand,
        cast(unit_cost as decimal(10,2)) as unit_cost,
        cast(unit_price as decimal(10,2)) as unit_price,
        nullif(trim(supplier), '') as supplier
    from "retail"."public"."products"
),

-- of copies the one with the higher price stays
numbered as (
    select
        trimmed.*,
        row_number() over (
            partition by product_id
            order by unit_price desc, unit_cost desc, product_name, category, subcategory, brand, supplier
        ) as copy_number
    from trimmed
)

select
    product_id,
    product_name,
    category,
    subcategory,
    brand,
    unit_cost,
    unit_price,
    supplier
from numbered
-- rows without a key are no copies of each other: they stay, for the data tests to find
where copy_number = 1 or product_id is null
