{% macro duckdb__create_table_as(temporary, relation, compiled_code, language='sql') %}
  create table {{ relation }} as (select 2 as id)
{% endmacro %}

{% macro default__drop_relation(relation) %}{% endmacro %}

{# Another engine's is no mistake here. #}
{% macro snowflake__create_table_as(temporary, relation, compiled_code, language='sql') %}{% endmacro %}

{% macro default__generate_alias_name(custom_alias_name=none, node=none) %}v_{{ custom_alias_name or node.name }}{% endmacro %}

{% macro default__get_incremental_delete_insert_sql(arg_dict) %}
  insert into {{ arg_dict.target_relation }} select id + 100 from {{ arg_dict.temp_relation }}
{% endmacro %}
