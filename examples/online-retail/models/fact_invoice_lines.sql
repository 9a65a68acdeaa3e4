{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='fail') }}

select
    lines.source_file,
    lines.invoice_no,
    lines.line_number,
    lines.invoice_ts,
    lines.stock_code,
    lines.customer_id,
    lines.country,
    lines.quantity,
    lines.unit_price,
    cast(lines.quantity * lines.unit_price as decimal(18, 3)) as amount,
    product_days.list_price,
    lines.is_cancellation,
    {{ etl_batch_id() }} as etl_batch_id
from {{ ref('stg_invoice_lines') }} as lines
left join {{ ref('product_days') }} as product_days
    on lines.stock_code = product_days.stock_code
    and cast(lines.invoice_ts as date) = product_days.day
where lines.rejected_reason is null
{% if is_incremental() %}
    and lines.source_file not in (select loaded.source_file from {{ this }} as loaded)
{% endif %}
order by lines.source_file, lines.invoice_no, lines.line_number
