{% if true %}select {{ twice('a', 2) }}{% endif %}
