{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key=['transaction_id', 'line_item_number'],
    on_schema_change='append_new_columns',
    full_refresh=false,
    indexes=[
        {'columns': ['sales_key'], 'unique': true},
        {'columns': ['transaction_id', 'line_item_number'], 'unique': true},
        {'columns': ['date_key']},
        {'columns': ['customer_key']},
        {'columns': ['product_key']},
        {'columns': ['store_key']},
        {'columns': ['promotion_key']},
        {'columns': ['transaction_id']},
        {'columns': ['date_key', 'store_key', 'product_key']},
    ],
    foreign_keys=[
        {'columns': ['date_key'], 'to': ref('dim_date')},
        {'columns': ['customer_key'], 'to': ref('dim_customer')},
        {'columns': ['product_key'], 'to': ref('dim_product')},
        {'columns': ['store_key'], 'to': ref('dim_store')},
        {'columns': ['promotion_key'], 'to': ref('dim_promotion')},
    ]
) }}

{% set columns = [
    'date_key',
    'customer_key',
    'product_key',
    'store_key',
    'promotion_key',
    'transaction_id',
    'line_item_number',
    'quantity',
    'unit_price',
    'discount_amount',
    'tax_amount',
    'total_amount',
    'cost',
    'profit',
    'net_amount',
    'margin',
] %}

-- every line with the member of each dimension that was valid on the day of the sale
with looked_up as (
    select
        {{ date_key('sales.transaction_date') }} as date_key,
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
        {{ cast('sales.unit_price * sales.quantity - sales.discount_amount', 'decimal(10,2)') }} as net_amount,
        {{ cast('coalesce(products.unit_cost, 0) * sales.quantity', 'decimal(10,2)') }} as cost
    from {{ ref('stg_transactions') }} as sales
    left join {{ ref('dim_customer') }} as customers
        on sales.customer_id = customers.customer_id
        and sales.transaction_date >= customers.effective_date
        and sales.transaction_date < coalesce(customers.expiration_date, {{ end_of_time() }})
    left join {{ ref('dim_product') }} as products
        on sales.product_id = products.product_id
        and sales.transaction_date >= products.effective_date
        and sales.transaction_date < coalesce(products.expiration_date, {{ end_of_time() }})
    left join {{ ref('dim_store') }} as stores
        on sales.store_id = stores.store_id
    left join {{ ref('dim_promotion') }} as promotions
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
        {{ cast('net_amount + tax_amount', 'decimal(10,2)') }} as total_amount,
        cost,
        {{ cast('net_amount + tax_amount - cost', 'decimal(10,2)') }} as profit,
        net_amount,
        {{ cast('net_amount - cost', 'decimal(10,2)') }} as margin
    from looked_up
),

-- new, late, corrected and re-pointed lines; all of them the first time
changed as (
    select
        {{ columns | join(',\n        ') }}
    from measured
    {% if is_incremental() %}
    {{ except() }}

    select
        {{ columns | join(',\n        ') }}
    from {{ this }}
    {% endif %}
),

-- a line that is there already keeps its key
numbered as (
    select
        changed.*,
        {% if is_incremental() %}existing.sales_key{% else %}{{ cast('null', type_bigint()) }}{% endif %} as given_key,
        row_number() over (
            {% if is_incremental() -%}
            partition by case when existing.sales_key is null then 1 else 0 end
            {% endif -%}
            order by changed.transaction_id, changed.line_item_number
        ) as place
    from changed
    {% if is_incremental() -%}
    left join {{ this }} as existing
        on changed.transaction_id = existing.transaction_id
        and changed.line_item_number = existing.line_item_number
    {%- endif %}
)

select
    {{ cast('coalesce(given_key, ' ~ highest_key('sales_key') ~ ' + place)', type_bigint()) }} as sales_key,
    {{ columns | join(',\n    ') }},
    {{ etl_batch_id() }} as etl_batch_id,
    {{ etl_insert_date() }} as etl_insert_date
from numbered
