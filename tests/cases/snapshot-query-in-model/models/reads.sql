select * from {{ ref('s_eph') }} where dbt_valid_to is null
