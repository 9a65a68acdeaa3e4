{% if target.name = 'dev' %}select 1{% endif %}
