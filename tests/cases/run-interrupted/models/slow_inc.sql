{{ config(materialized='incremental') }}
select count(*) as n from range({{ var('size', 1) }}) a, range({{ var('size', 1) }}) b, {{ ref('done') }}
