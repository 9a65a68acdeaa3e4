{{ config(materialized='incremental', on_schema_change='ignore') }}
{% if var('next', false) %}
select 2 as id, null as gone, 2 as retyped, 'c' as came
{% else %}
select 1 as id, 'x' as gone, 1 as retyped
{% endif %}
