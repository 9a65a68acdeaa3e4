{{ config(materialized='view') }}
select id, {{ doubled('amount') }} as amount, day from {{ ref('orders') }}
