-- every line with the member of each dimension that was valid on the day of the sale
with looked_up as (
    select
        cast(strftime(sales.transaction_date, '%Y%m%d') as integer) as date_key,
        coalesce(customers.customer_key, -1) as customer_key,
        coalesce(products.product_key, -1) as product_key,
        coalesce(stores.store_key, -1) as store_key,
        case when sales.promotion_id is null then 1 else coalesce(promotions.promotion_key, -1) end as promotion_key,
        sales.transaction_id,
        sales.line_item_number,
        sales.quantity,
        sales.unit_price,
        sales.discount_amount,
        sales.tax_amount,
        cast(sales.unit_price * sales.quantity - sales.discount_amount as decimal(10,2)) as net_amount,
        cast(coalesce(products.unit_cost, 0) * sales.quantity as decimal(10,2)) as cost
    from "retail"."main"."stg_transactions" as sales
    left join "retail"."main"."dim_customer" as customers
        on sales.customer_id = customers.customer_id
        and sales.transaction_date >= customers.effective_date
        and sales.transaction_date < coalesce(customers.expiration_date, cast('9999-12-31' as date))
    left join "retail"."main"."dim_product" as products
        on sales.product_id = products.product_id
        and sales.transaction_date >= products.effective_date
        and sales.transaction_date < coalesce(products.expiration_date, cast('9999-12-31' as date))
    left join "retail"."main"."dim_store" as stores
        on sales.store_id = stores.store_id
    left join "retail"."main"."dim_promotion" as promotions
        on sales.promotion_id = promotions.promotion_id
),

measured as (
    select
        date_key,
        customer_key,
        product_key,
        store_key,
        promotion_key,
        transaction_id,
        line_item_number,
        quantity,
        unit_price,
        discount_amount,
        tax_amount,
        cast(net_amount + tax_amount as decimal(10,2)) as total_amount,
        cost,
        cast(net_amount + tax_amount - cost as decimal(10,2)) as profit,
        net_amount,
        cast(net_amount - cost as decimal(10,2)) as margin
    from looked_up
),

-- new, late, corrected and re-pointed lines; all of them the first time
changed as (
    select
        date_key,
        customer_key,
        product_key,
        store_key,
        promotion_key,
        transaction_id,
        line_item_number,
        quantity,
        unit_price,
        discount_amount,
        tax_amount,
        total_amount,
        cost,
        profit,
        net_amount,
        margin
    from measured
    
),

-- a line that is there already keeps its key
numbered as (
    select
        changed.*,
        cast(null as bigint) as given_key,
        row_number() over (
            order by changed.transaction_id, changed.line_item_number
        ) as place
    from changed
    
)

select
    cast(coalesce(given_key, 0 + place) as bigint) as sales_key,
    date_key,
    customer_key,
    product_key,
    store_key,
    promotion_key,
    transaction_id,
    line_item_number,
    quantity,
    unit_price,
    discount_amount,
    tax_amount,
    total_amount,
    cost,
    profit,
    net_amount,
    margin,
    cast(20250101000000 as bigint) as etl_batch_id,
    cast('2025-01-01 00:00:00' as timestamp) as etl_insert_date
from numbered
