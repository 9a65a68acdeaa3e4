{{ config(tags=['x']) }}
select * from {{ ref('a') }}
