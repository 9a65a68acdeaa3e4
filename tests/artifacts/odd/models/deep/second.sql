-- {{ noop("x") }}
{% set names = ['first'] %}
select * from {{ ref('odd', names[0]) }} where id in (select id from {{ ref('passing') }})
