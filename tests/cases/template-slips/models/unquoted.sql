{{ config(materialized=tables) }}
select 1 as id
