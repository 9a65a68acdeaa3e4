{{ config(materialized='table') }}
select sum(amount) {% if var('broken', false) %}+ no_such_column {% endif %}as total from {{ ref('clean') }}
