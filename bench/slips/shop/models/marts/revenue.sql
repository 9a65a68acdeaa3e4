{% set statuses = ['paid', 'open'] %}

select
    customer_name,
    {% for status in statuses %}
    sum(case when status = '{{ status }}' then amount else 0 end) as {{ status }}_amount,
    {% endfor %}
    count(*) as orders
from {{ ref('orders') }}
group by customer_name
