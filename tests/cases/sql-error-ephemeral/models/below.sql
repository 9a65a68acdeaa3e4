with own as (
    select * from {{ ref('good_mid') }}
)

select
    id,
    wrong_column
from own
