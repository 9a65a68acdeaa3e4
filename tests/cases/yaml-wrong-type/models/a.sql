{{ config(enabled='perhaps', materialized=['table']) }}
select 1 as id
