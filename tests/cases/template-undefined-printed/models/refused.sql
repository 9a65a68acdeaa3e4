{% set limit_to = 5 %}
select 1 as id
where 1 > {{ limit_too }}
