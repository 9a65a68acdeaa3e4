select
    stg_products.*,
    {{ cast("'" ~ as_of_date() ~ "'", 'date') }} as as_of_date
from {{ ref('stg_products') }} as stg_products
