{{ config(materialized='table') }}
select k from {{ ref('constants') }} where k < 5
