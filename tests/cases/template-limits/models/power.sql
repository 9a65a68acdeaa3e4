select {% if execute %}{{ 10 ** 100000000 }}{% endif %} as id
