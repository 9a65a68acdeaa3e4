{{ config(materialized='incremental', incremental_strategy='merge', unique_key='ID', merge_update_columns=['VAL']) }}
select {% if is_incremental() %}id, val{% else %}*{% endif %} from {{ ref('source') }}
