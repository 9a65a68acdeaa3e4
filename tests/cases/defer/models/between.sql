{{ config(materialized='ephemeral') }} select id, made_in from {{ ref('a') }}
