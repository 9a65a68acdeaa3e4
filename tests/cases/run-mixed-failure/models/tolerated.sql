{{ config(on_error='continue') }}
select nothing
