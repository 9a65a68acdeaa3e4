{# the unknown members (key -1) are none of the shop's #}
{% set totals = [
    ('Total Customers', 'count(*)', 'dim_customer', 'is_current and customer_key > 0'),
    ('Total Products', 'count(*)', 'dim_product', 'is_current and product_key > 0'),
    ('Total Stores', 'count(*)', 'dim_store', 'store_key > 0'),
    ('Total Promotions', 'count(*)', 'dim_promotion', 'promotion_key > 0'),
    ('Total Transactions', 'count(distinct transaction_id)', 'fact_sales', none),
    ('Total Sales Rows', 'count(*)', 'fact_sales', none),
    ('Total Revenue', 'coalesce(sum(total_amount), 0)', 'fact_sales', none),
    ('Total Profit', 'coalesce(sum(profit), 0)', 'fact_sales', none),
] %}

select
    metric,
    value
from (
    {% for metric, total, model, condition in totals %}
    select
        {{ loop.index }} as place,
        '{{ metric }}' as metric,
        {{ cast(total, 'decimal(18,2)') }} as value
    from {{ ref(model) }}
    {% if condition %}
    where {{ condition }}
    {% endif %}
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}
) as counted
order by place
