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
{% set as_of = cast("'" ~ as_of_date() ~ "'", 'date') %}

-- each product of the source, with the day its current version has to be valid from: the beginning of time where it is
-- new, the day of the change where a tracked column has changed, and otherwise what that day is already
with latest as (
    select
        source.*,
        {% if is_incremental() -%}
        existing.product_key as current_key,
        existing.effective_date as current_since,
        case
            when existing.product_key is null then {{ beginning_of_time() }}
            when existing.effective_date < {{ as_of }} and (
                {{ differs('existing', 'source', tracked_columns) }}
            ) then {{ as_of }}
            else existing.effective_date
        end as effective_date
        {%- else -%}
        {{ cast('null', type_int()) }} as current_key,
        {{ cast('null', 'date') }} as current_since,
        {{ beginning_of_time() }} as effective_date
        {%- endif %}
    from {{ ref('stg_products') }} as source
    {% if is_incremental() -%}
    left join {{ this }} as existing
        on source.product_id = existing.product_id
        and existing.is_current
    {%- endif %}
    -- a row without its key is no member: a data test of staging counts it
    where source.product_id is not null
),

versions as (
    select
        case when effective_date = current_since then current_key end as given_key,
        product_id,
        {%- for column in tracked_columns + overwritten_columns %}
        {{ column }},
        {%- endfor %}
        effective_date,
        {{ cast('null', 'date') }} as expiration_date,
        true as is_current
    from latest
    {% if is_incremental() %}

    union all

    -- the versions before that
    select
        existing.product_key,
        existing.product_id,
        {%- for column in tracked_columns %}
        existing.{{ column }},
        {%- endfor %}
        {%- for column in overwritten_columns %}
        {{ 'latest' if var('overwrite') == 'all' else 'existing' }}.{{ column }},
        {%- endfor %}
        existing.effective_date,
        case when existing.is_current then latest.effective_date else existing.expiration_date end,
        false
    from {{ this }} as existing
    inner join latest on existing.product_id = latest.product_id
    where existing.effective_date < latest.effective_date
    {% endif %}
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
