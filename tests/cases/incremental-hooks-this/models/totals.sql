{{ config(materialized='incremental', incremental_strategy='append',
    pre_hook="{% if is_incremental() %}update {{ this }} set amount = amount * 2{% endif %}",
    post_hook="{% if is_incremental() %}update {{ this }} set amount = amount / 2 where run = 1{% endif %}") }}
{% if is_incremental() %}
  {% set last = run_query('select max(run) from ' ~ this).columns[0].values()[0] %}
select {{ last }} + 1 as run, {{ "error('no')" if var('bad', false) else '(select max(amount) from ' ~ this ~ ')' }} as amount
{% else %}
select 1 as run, 10 as amount
{% endif %}
