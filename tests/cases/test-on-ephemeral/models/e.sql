{{ config(materialized='ephemeral') }}
select 1 as id, 'a' as "Kind" union all select 2, null
