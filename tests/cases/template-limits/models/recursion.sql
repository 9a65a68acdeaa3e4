select {% if execute %}{{ again(1) }}{% endif %} as id
