{% set dimensions = ['date', 'customer', 'product', 'store', 'promotion'] %}

select
    dimension,
    orphaned_records,
    unknown_records
from (
    {% for dimension in dimensions %}
    {% set key = dimension ~ '_key' %}
    select
        {{ loop.index }} as place,
        '{{ dimension }}' as dimension,
        count(case when members.{{ key }} is null then 1 end) as orphaned_records,
        count(case when sales.{{ key }} = -1 then 1 end) as unknown_records
    from {{ ref('fact_sales') }} as sales
    left join {{ ref('dim_' ~ dimension) }} as members on sales.{{ key }} = members.{{ key }}
    {% if not loop.last %}
    union all
    {% endif %}
    {% endfor %}
) as counts
order by place
