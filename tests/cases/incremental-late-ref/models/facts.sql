{{ config(materialized='incremental') }}
{% set found = run_query('select 1 as n') %}
select id, '{{ found.rows[0].n }}' as n from {{ ref('a_new') }}
{% if is_incremental() %}where id not in (select id from {{ ref('z_old') }} where '{{ found.rows[0].n }}' = '1'){% endif %}
