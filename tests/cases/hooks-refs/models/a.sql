{{ config(
    materialized='incremental',
    pre_hook="{% if is_incremental() %}insert into {{ ref('z_log') }} values ('z_log was there'){% endif %}",
    post_hook="{% if not is_incremental() %}insert into {{ ref('z_log') }} values ('a'){% endif %}"
) }}
select 1 as id
