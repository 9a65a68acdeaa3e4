-- Day files whose lines are not, each once, in the fact or among the rejected lines.
with input as (
    select
        parse_filename(filename) as source_file,
        count(*) as lines
    from {{ source('shop', 'invoice_lines') }}
    where {{ day_files() }}
    group by all
),

places as (
    select source_file, invoice_no, line_number
    from {{ ref('fact_invoice_lines') }}

    union all

    select source_file, invoice_no, line_number
    from {{ ref('rejected_lines') }}
),

found as (
    select
        source_file,
        count(*) as lines,
        count(distinct (invoice_no, line_number)) as distinct_lines
    from places
    group by source_file
)

select
    input.source_file,
    input.lines,
    found.lines as lines_found,
    found.distinct_lines as distinct_lines_found
from input
left join found on input.source_file = found.source_file
where found.lines is distinct from input.lines
    or found.distinct_lines is distinct from input.lines
