{{ config(materialized='view') }} select id from {{ ref('e_one') }} union all select id from {{ ref('e_two') }}
