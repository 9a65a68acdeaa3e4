{{ config(warn_if='> 0', error_if='> 5', severity='error') }} select * from {{ ref('first') }}
