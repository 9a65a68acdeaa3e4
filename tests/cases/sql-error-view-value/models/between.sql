{{ config(materialized='ephemeral') }}
select status from {{ ref('typed') }}
