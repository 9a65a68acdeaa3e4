{{ config(materialized='view') }}

select *
from {{ ref('stg_invoice_lines') }}
where rejected_reason is not null
