select * from {{ ref('a') }}{% do exceptions.warn('b is old') %}
