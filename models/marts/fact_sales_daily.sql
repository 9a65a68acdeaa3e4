{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key=['date_key', 'store_key', 'product_key'],
    on_schema_change='append_new_columns',
    indexes=[
        {'columns': ['date_key', 'store_key', 'product_key'], 'unique': true},
    ],
    post_hook="
        delete from {{ this }}
        where not exists (
            select 1
            from (
                select date_key as sold_on, store_key as sold_in, product_key as product_sold
                from {{ ref('fact_sales') }}
            ) as sold
            where sold_on = date_key and sold_in = store_key and product_sold = product_key
        )
    "
) }}

with daily as (
    select
        date_key,
        store_key,
        product_key,
        {{ cast('sum(quantity)', type_bigint()) }} as total_quantity,
        {{ cast('sum(total_amount)', 'decimal(15,2)') }} as total_revenue,
        {{ cast('sum(profit)', 'decimal(15,2)') }} as total_profit,
        count(distinct transaction_id) as transaction_count
    from {{ ref('fact_sales') }}
    group by date_key, store_key, product_key
)

select
    date_key,
    store_key,
    product_key,
    total_quantity,
    total_revenue,
    total_profit,
    transaction_count
from daily
{% if is_incremental() %}
-- only what is new or has changed is written; what has gone, as when a line moves to another day, is deleted afterwards
{{ except() }}

select
    date_key,
    store_key,
    product_key,
    total_quantity,
    total_revenue,
    total_profit,
    transaction_count
from {{ this }}
{% endif %}
