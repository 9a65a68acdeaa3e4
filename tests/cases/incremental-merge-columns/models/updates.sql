{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id', merge_update_columns=['a']) }}
select i as id, '{{ var("v", "old") }}' as a, '{{ var("v", "old") }}' as b from range(1, {{ 3 if is_incremental() else 2 }}) t(i)
