{{ config(materialized='ephemeral') }} select id from {{ ref('passing_too') }}
