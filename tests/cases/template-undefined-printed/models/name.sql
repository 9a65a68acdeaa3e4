{% set statuses = ['paid', 'open'] %}
select
    {% for status in statuses %}
    '{{ statu }}' as {{ status }},
    {% endfor %}
    1 as id
