{% set how = 'mrge' %}
{{ config(materialized='incremental', incremental_strategy=how) }}
{% if true %}select 1 as id{% endif %}
