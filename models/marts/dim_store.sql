{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='store_key',
    on_schema_change='append_new_columns',
    full_refresh=false,
    indexes=[
        {'columns': ['store_key'], 'unique': true},
        {'columns': ['store_id'], 'unique': true},
        {'columns': ['city', 'state']},
    ]
) }}

-- each store with the key it has, if it has one
with stores as (
    select
        {% if is_incremental() %}existing.store_key{% else %}{{ cast('null', type_int()) }}{% endif %} as given_key,
        latest.*
    from {{ ref('stg_stores') }} as latest
    {% if is_incremental() -%}
    left join {{ this }} as existing on latest.store_id = existing.store_id
    {%- endif %}
    -- a row without its key is no member: a data test of staging counts it
    where latest.store_id is not null
),

numbered as (
    select
        stores.*,
        row_number() over (
            partition by case when given_key is null then 1 else 0 end
            order by store_id
        ) as place
    from stores
),

members as (
    select
        {{ cast('coalesce(given_key, ' ~ highest_key('store_key') ~ ' + place)', type_int()) }} as store_key,
        store_id,
        store_name,
        store_type,
        manager,
        address,
        city,
        state,
        country,
        postal_code,
        phone,
        open_date,
        square_footage,
        number_of_employees
    from numbered

    union all

    -- sales whose store is missing point here
    select
        -1,
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        {{ cast('null', 'date') }},
        {{ cast('null', type_int()) }},
        {{ cast('null', type_int()) }}
)

select
    store_key,
    store_id,
    store_name,
    store_type,
    manager,
    address,
    city,
    state,
    country,
    postal_code,
    phone,
    open_date,
    square_footage,
    number_of_employees
from members
{% if is_incremental() %}
-- only what is new or has changed is written
{{ except() }}

select
    store_key,
    store_id,
    store_name,
    store_type,
    manager,
    address,
    city,
    state,
    country,
    postal_code,
    phone,
    open_date,
    square_footage,
    number_of_employees
from {{ this }}
{% endif %}
