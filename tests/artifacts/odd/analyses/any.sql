select * from {{ ref('second') }} -- {{ 1 + 1 }}
