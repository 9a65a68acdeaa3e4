{{ config(materialized='ephemeral') }}
select {{ exceptions.raise_compiler_error('bad by itself') if execute else 1 }} as id from {{ ref('mid1') }}
