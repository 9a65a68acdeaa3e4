{% macro get_incremental_keep_first_sql(arg_dict) %}
  {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') -%}
  insert into {{ arg_dict['target_relation'] }} ({{ columns }})
  select {{ columns }} from {{ arg_dict['temp_relation'] }} as fresh
  where fresh.{{ arg_dict['unique_key'] }} not in (select {{ arg_dict['unique_key'] }} from {{ arg_dict['target_relation'] }})
  {%- for p in arg_dict['incremental_predicates'] or [] %} and {{ p }}{% endfor %};
{% endmacro %}

{% macro get_incremental_append_sql(arg_dict) %}
  {% do return(adapter.dispatch('appended')(arg_dict['target_relation'], arg_dict['temp_relation'])) %}
{% endmacro %}

{% macro default__appended(target, temp) %}insert into {{ target }} select id, 'by the macro' as name from {{ temp }}{% endmacro %}
