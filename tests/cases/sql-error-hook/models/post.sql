{{ config(
    materialized='table',
    post_hook=["select 1", "update {{ this }} set idd = 1"]
) }}
select 1 as id
