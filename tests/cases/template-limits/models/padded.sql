select '{% if execute %}{{ 'x' * 10000000000 }}{% endif %}' as id
