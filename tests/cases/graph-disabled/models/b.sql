{{ config(enabled=var('extra')) }}
select * from {{ ref('a') }}
