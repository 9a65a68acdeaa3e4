with trimmed as (
    select
        nullif(trim(transaction_id), '') as transaction_id,
        cast(transaction_date as date) as transaction_date,
        nullif(trim(customer_id), '') as customer_id,
        nullif(trim(product_id), '') as product_id,
        nullif(trim(store_id), '') as store_id,
        nullif(trim(promotion_id), '') as promotion_id,
        cast(quantity as integer) as quantity,
        cast(unit_price as decimal(10,2)) as unit_price,
        cast(coalesce(discount_amount, 0) as decimal(10,2)) as discount_amount,
        cast(coalesce(tax_amount, 0) as decimal(10,2)) as tax_amount,
        cast(line_item_number as integer) as line_item_number
    from "retail"."main"."transactions"
),

-- of copies the one dated last stays
numbered as (
    select
        trimmed.*,
        row_number() over (
            partition by transaction_id, line_item_number
            order by transaction_date desc, quantity desc, unit_price desc, discount_amount desc, tax_amount desc, customer_id, product_id, store_id, promotion_id
        ) as copy_number
    from trimmed
)

select
    transaction_id,
    transaction_date,
    customer_id,
    product_id,
    store_id,
    promotion_id,
    quantity,
    unit_price,
    discount_amount,
    tax_amount,
    line_item_number
from numbered
-- rows without a key are no copies of each other: they stay, for the data tests to find
where copy_number = 1 or transaction_id is null or line_item_number is null
