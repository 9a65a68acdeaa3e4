{# Natural keys that have no current version, or more than one. #}
{% test one_current_version(model, column_name) %}
select
    {{ column_name }},
    sum(case when is_current then 1 else 0 end) as current_versions
from {{ model }}
group by {{ column_name }}
having sum(case when is_current then 1 else 0 end) <> 1
{% endtest %}
