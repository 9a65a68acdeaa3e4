select
    stg_customers.*,
    {{ cast("'" ~ as_of_date() ~ "'", 'date') }} as as_of_date
from {{ ref('stg_customers') }} as stg_customers
