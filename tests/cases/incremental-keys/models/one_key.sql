{{ config(incremental_strategy='delete+insert', unique_key='k1') }}
select * from {{ ref('changes') }} where k1 is distinct from 2 or v = 'old'
