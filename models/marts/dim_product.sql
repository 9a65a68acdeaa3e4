{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='product_key',
    on_schema_change='append_new_columns',
    full_refresh=false,
    indexes=[
        {'columns': ['product_key'], 'unique': true},
        {'columns': ['product_id', 'effective_date'], 'unique': true},
        {'columns': ['product_id']},
        {'columns': ['category', 'subcategory']},
        {'columns': ['is_current']},
    ]
) }}

{% set tracked_columns = ['unit_cost', 'unit_price'] %}
{% set overwritten_columns = [
    'product_name',
    'category',
    'subcategory',
    'brand',
    'supplier',
] %}

with versions as (
    {{ dated_versions(ref('products_snapshot'), 'product_id', tracked_columns + overwritten_columns) }}
),

-- each version with the key it has, if it has one, and what the source says now of the overwritten columns
attributed as (
    select
        {% if is_incremental() %}existing.product_key{% else %}{{ cast('null', type_int()) }}{% endif %} as given_key,
        versions.product_id,
        {%- for column in tracked_columns %}
        versions.{{ column }},
        {%- endfor %}
        {%- for column in overwritten_columns %}
        {{ overwritten(column, 'product_id') }} as {{ column }},
        {%- endfor %}
        versions.effective_date,
        versions.expiration_date,
        versions.is_current
    from versions
    {% if is_incremental() -%}
    -- what has left the source stays as it is
    inner join {{ ref('stg_products') }} as latest on versions.product_id = latest.product_id
    left join {{ this }} as existing
        on versions.product_id = existing.product_id
        and versions.effective_date = existing.effective_date
    {%- else -%}
    left join {{ ref('stg_products') }} as latest on versions.product_id = latest.product_id
    {%- endif %}
),

numbered as (
    select
        attributed.*,
        row_number() over (
            partition by case when given_key is null then 1 else 0 end
            order by product_id, effective_date
        ) as place
    from attributed
),

members as (
    select
        {{ cast('coalesce(given_key, ' ~ highest_key('product_key') ~ ' + place)', type_int()) }} as product_key,
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
        {{ cast('null', 'decimal(10,2)') }},
        {{ cast('null', 'decimal(10,2)') }},
        'Unknown',
        {{ beginning_of_time() }},
        {{ cast('null', 'date') }},
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
{% if is_incremental() %}
-- only what is new or has changed is written
{{ except() }}

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
from {{ this }}
{% endif %}
