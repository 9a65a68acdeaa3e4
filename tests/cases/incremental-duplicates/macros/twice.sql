{% macro twice() %}
{% if var('twice', false) %}
select 1 as id, 'new' as v union all select 1, 'newer'
{% else %}
select 1 as id, 'old' as v union all select 2, 'old'
{% endif %}
{% endmacro %}
