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
{% set as_of = cast("'" ~ as_of_date() ~ "'", 'date') %}

-- each customer of the source, with the day its current version has to be valid from: the beginning of time where it is
-- new, the day of the change where a tracked column has changed, and otherwise what that day is already
with latest as (
    select
        source.*,
        {% if is_incremental() -%}
        existing.customer_key as current_key,
        existing.effective_date as current_since,
        case
            when existing.customer_key is null then {{ beginning_of_time() }}
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
    from {{ ref('stg_customers') }} as source
    {% if is_incremental() -%}
    left join {{ this }} as existing
        on source.customer_id = existing.customer_id
        and existing.is_current
    {%- endif %}
    -- a row without its key is no member: a data test of staging counts it
    where source.customer_id is not null
),

versions as (
    select
        case when effective_date = current_since then current_key end as given_key,
        customer_id,
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
        existing.customer_key,
        existing.customer_id,
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
    inner join latest on existing.customer_id = latest.customer_id
    where existing.effective_date < latest.effective_date
    {% endif %}
),

numbered as (
    select
        versions.*,
        row_number() over (
            partition by case when given_key is null then 1 else 0 end
            order by customer_id, effective_date
        ) as place
    from versions
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
