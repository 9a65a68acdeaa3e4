{{ config(materialized='ephemeral') }}

select
    id,
    missing_column
from {{ ref('base') }}
