{{ config(materialized='ephemeral') }}
select * from {{ ref('mid1') }} union all select * from {{ ref('mid1') }}
