-- Lines in a file of another day: copies of a line are looked for among the files that are loaded together, which finds
-- all of them only while each day is in a file of its own.
{{ config(severity='warn') }}

select
    source_file,
    invoice_no,
    line_number,
    invoice_ts
from {{ ref('stg_invoice_lines') }}
where strftime(invoice_ts, '%Y-%m-%d') <> left(source_file, 10)
