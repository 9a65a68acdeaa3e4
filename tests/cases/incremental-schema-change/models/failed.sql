{{ config(materialized='incremental', on_schema_change='fail') }}
{{ rows(is_incremental()) }}
