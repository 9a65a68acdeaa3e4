-- depends_on: {{ ref('first') }}
{{ config(materialized='table') }}
select count(*) as n from range({{ var('size', 1) }}) a, range({{ var('size', 1) }}) b where a.range * b.range % 7 = 3 or a.range = b.range
