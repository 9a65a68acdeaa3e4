select cu.customer_name from {{ ref('customers') }} as c
