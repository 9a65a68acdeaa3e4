-- products
select
    {{ price_columns(['cost_', 'list']) }}
from {{ ref('good') }}
