{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='id', incremental_predicates=["id > 1"]) }}
select i as id, '{{ var("v", "old") }}' as a, '{{ var("v", "old") }}' as b from range(1, {{ 3 if is_incremental() else 2 }}) t(i)
