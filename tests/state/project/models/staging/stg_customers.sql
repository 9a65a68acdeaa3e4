{{ config(materialized='view', tags=['people'], meta={'owner': 'sales'}) }}

select id, name from {{ ref('customers') }}
