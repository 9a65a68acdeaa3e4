{% macro schemas() %}
  {% set place = api.Relation.create(database=target.database, schema='aside', identifier='t') %}
  {% do adapter.create_schema(place) %}
  {% do log('there: ' ~ adapter.check_schema_exists(target.database, 'aside') ~ ', nothing in it: ' ~ adapter.list_relations_without_caching(place), true) %}
  {% do run_query('create table ' ~ place ~ ' as select 1 as id') %}
  {% do log(adapter.list_relations_without_caching(place), true) %}
  {% do log(load_relation(place), true) %}
  {% do adapter.commit() %}
  {% do adapter.drop_schema(place) %}
  {% do log('there: ' ~ adapter.check_schema_exists(target.database, 'aside') ~ ', ' ~ load_relation(place), true) %}
  {% do log(dbt_metadata_envs, true) %}
{% endmacro %}
