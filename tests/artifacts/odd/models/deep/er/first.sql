{{ config(materialized='table', tags=['a', 'b'] + ['c'], meta={'n': 1.50, 'none': none}, indexes=[{'columns': ['id']}]) }}
select 1 as id, 'ünï "quoted"' as "odd name", cast('2024-01-01 10:00:00' as timestamp) as at
