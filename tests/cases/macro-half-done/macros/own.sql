{% materialization swapped, default %}
  {%- set target = this.incorporate(type='table') -%}
  {%- set old = load_cached_relation(this) -%}
  {%- set made = make_intermediate_relation(target) -%}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}
  {% call statement('main') %}{{ get_create_table_as_sql(False, made, sql) }}{% endcall %}
  {% if old %}{% do adapter.rename_relation(old, make_backup_relation(old, old.type)) %}{% endif %}
  {% do adapter.rename_relation(made, target) %}
  {% if var('slip', false) %}{% call statement() %}insert into {{ target }} values ('x'){% endcall %}{% endif %}
  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {% do adapter.commit() %}
  {% if old %}{% do drop_relation_if_exists(make_backup_relation(old, old.type)) %}{% endif %}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% macro fill(slip=false) %}
  {% call statement() %}insert into {{ target.schema }}.kept values (2){% endcall %}
  {% if slip %}{% do exceptions.raise_compiler_error('stop') %}{% endif %}
{% endmacro %}
