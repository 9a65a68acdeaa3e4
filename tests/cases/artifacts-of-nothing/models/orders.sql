{{ config(indexes=[{'columns': ['id']}, {'columns': ['id'], 'unique': true}, {'columns': ['id']}], materialized='table') }}
select 1 as id, {{ string_literal(none) }} as nobody
