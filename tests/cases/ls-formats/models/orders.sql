{{ config(tags=['daily']) }}
select * from {{ ref('customers') }} join {{ source('raw', 'items') }} using (id)
