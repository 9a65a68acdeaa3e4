{{ config(materialized='incremental', full_refresh=false) }}
select id from {{ ref('staged') }} {% if is_incremental() %}where false{% endif %}
