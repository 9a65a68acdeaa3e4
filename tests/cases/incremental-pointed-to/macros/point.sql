{% macro point() %}
{% do run_query('alter table ' ~ ref('merged') ~ ' add primary key (id)') %}
{% do run_query('create table pointing (id integer references merged (id))') %}
{% do run_query('insert into pointing values (1)') %}
{% endmacro %}
