{% materialization counted, default %}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set old = load_cached_relation(this) -%}
  {{ run_hooks(pre_hooks) }}
  {% call statement('before', fetch_result=true) %}
    select {{ '(select count(*) from ' ~ old ~ ')' if old else 0 }} as n
  {% endcall %}
  {%- set n = load_result('before')['data'][0][0] -%}
  {% if old %}
    {% do adapter.rename_relation(old, old.incorporate(path={'identifier': this.identifier ~ '_old'})) %}
    {% do adapter.drop_relation(old.incorporate(path={'identifier': this.identifier ~ '_old'})) %}
  {% endif %}
  {% call statement('main') %}
    create table {{ target_relation }} as select q.*, {{ n }} as rows_before from ({{ sql }}) q
  {% endcall %}
  {{ run_hooks(post_hooks) }}
  {% do adapter.commit() %}
  {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
