{{ config(materialized='ephemeral') }}
select 1 as k union all select 2
