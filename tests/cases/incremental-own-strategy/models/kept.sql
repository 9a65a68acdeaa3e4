{{ config(materialized='incremental', incremental_strategy='keep_first', unique_key='id', incremental_predicates=["id < 10"]) }}
select * from (values (1, 'run {{ var("n") }}'), (1 + {{ var("n") }}, 'run {{ var("n") }}'), (10, 'late')) as t(id, name)
where id < 10 or {{ var("n") }} > 1
