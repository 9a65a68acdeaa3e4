{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='fail') }}

{# files that have been loaded are not opened again #}
with file_lines as (
    select
        *,
        parse_filename(filename) as source_file,
        row_number() over () as file_position
    from {{ source('shop', 'invoice_lines') }}
    where {{ day_files(loaded_files()) }}
),

placed as (
    select
        *,
        row_number() over (partition by source_file, InvoiceNo order by file_position) as line_number,
        md5_number(cast(
            to_json([InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country]) as varchar
        )) as line_hash
    from file_lines
),

{# an earlier line may be of this load or of one before #}
counted as (
    select
        *,
        row_number() over (partition by line_hash order by source_file, file_position) as copy_number
    from placed
),

typed as (
    select
        InvoiceNo as invoice_no,
        cast(line_number as integer) as line_number,
        StockCode as stock_code,
        nullif(trim(Description), '') as description,
        cast(Quantity as integer) as quantity,
        cast(InvoiceDate as timestamp) as invoice_ts,
        cast(UnitPrice as decimal(12, 3)) as unit_price,
        nullif(regexp_replace(trim(CustomerID), '\.0*$', ''), '') as customer_id,
        Country as country,
        starts_with(InvoiceNo, 'C') as is_cancellation,
        source_file,
        line_hash,
        copy_number > 1
            {%- if is_incremental() %} or line_hash in (select loaded.line_hash from {{ this }} as loaded){% endif %} as is_copy,
        file_position
    from counted
)

select
    invoice_no,
    line_number,
    stock_code,
    description,
    quantity,
    invoice_ts,
    unit_price,
    customer_id,
    country,
    is_cancellation,
    source_file,
    line_hash,
    case
        when starts_with(invoice_no, 'A') then 'adjustment'
        when unit_price <= 0 then 'no_price'
        when is_copy then 'duplicate'
    end as rejected_reason
from typed
order by source_file, file_position
