{{ config(
    materialized='incremental',
    incremental_strategy='merge',
    unique_key='customer_key',
    on_schema_change='append_new_columns',
    full_refresh=false,
    indexes=[
        {'columns': ['customer_key'], 'unique': true},
        {'columns': ['customer_id', 'effective_date'], 'unique': true},
        {'columns': ['customer_id']},
        {'columns': ['is_current']},
    ]
) }}

{% set tracked_columns = ['customer_segment'] %}
{% set overwritten_columns = [
    'first_name',
    'last_name',
    'email',
    'phone',
    'birth_date',
    'gender',
    'registration_date',
    'address',
    'city',
    'state',
    'country',
    'postal_code',
] %}

with versions as (
    {{ dated_versions(ref('customers_snapshot'), 'customer_id', tracked_columns + overwritten_columns) }}
),

-- each version with the key it has, if it has one, and what the source says now of the overwritten columns
attributed as (
    select
        {% if is_incremental() %}existing.customer_key{% else %}{{ cast('null', type_int()) }}{% endif %} as given_key,
        versions.customer_id,
        {%- for column in tracked_columns %}
        versions.{{ column }},
        {%- endfor %}
        {%- for column in overwritten_columns %}
        {{ overwritten(column, 'customer_id') }} as {{ column }},
        {%- endfor %}
        versions.effective_date,
        versions.expiration_date,
        versions.is_current
    from versions
    {% if is_incremental() -%}
    -- what has left the source stays as it is
    inner join {{ ref('stg_customers') }} as latest on versions.customer_id = latest.customer_id
    left join {{ this }} as existing
        on versions.customer_id = existing.customer_id
        and versions.effective_date = existing.effective_date
    {%- else -%}
    left join {{ ref('stg_customers') }} as latest on versions.customer_id = latest.customer_id
    {%- endif %}
),

numbered as (
    select
        attributed.*,
        row_number() over (
            partition by case when given_key is null then 1 else 0 end
            order by customer_id, effective_date
        ) as place
    from attributed
),

members as (
    select
        {{ cast('coalesce(given_key, ' ~ highest_key('customer_key') ~ ' + place)', type_int()) }} as customer_key,
        customer_id,
        first_name,
        last_name,
        email,
        phone,
        birth_date,
        gender,
        customer_segment,
        registration_date,
        address,
        city,
        state,
        country,
        postal_code,
        effective_date,
        expiration_date,
        is_current
    from numbered

    union all

    -- sales whose customer is missing point here
    select
        -1,
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        {{ cast('null', 'date') }},
        'Unknown',
        'Unknown',
        {{ cast('null', 'date') }},
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        'Unknown',
        {{ beginning_of_time() }},
        {{ cast('null', 'date') }},
        true
)

select
    customer_key,
    customer_id,
    first_name,
    last_name,
    email,
    phone,
    birth_date,
    gender,
    customer_segment,
    registration_date,
    address,
    city,
    state,
    country,
    postal_code,
    effective_date,
    expiration_date,
    is_current
from members
{% if is_incremental() %}
-- only what is new or has changed is written
{{ except() }}

select
    customer_key,
    customer_id,
    first_name,
    last_name,
    email,
    phone,
    birth_date,
    gender,
    customer_segment,
    registration_date,
    address,
    city,
    state,
    country,
    postal_code,
    effective_date,
    expiration_date,
    is_current
from {{ this }}
{% endif %}
