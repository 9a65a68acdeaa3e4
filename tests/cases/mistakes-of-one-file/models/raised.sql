{% if var('day', none) is none %}{{ exceptions.raise_compiler_error('Say which day.') }}{% endif %}
select {{ 1 + var('day', none) }} as a from {{ ref('days') }}
