{{ config(materialized='incremental') }}
select 1 as id{% if not var('next', false) %}, 'x' as gone{% endif %}
