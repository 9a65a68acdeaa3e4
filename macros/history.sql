{# Of the run history, which may hold several targets: what belongs to this project, target and schema. #}
{% macro of_this_target() -%}
    project = '{{ project_name }}' and target = '{{ target.name }}' and target_schema = '{{ target.schema }}'
{%- endmacro %}
