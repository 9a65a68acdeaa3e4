{{ config(materialized='incremental', on_schema_change='append_new_columns') }}
{{ rows(is_incremental()) }}
