select {% if execute %}{% for i in range(1000000000) %}{% endfor %}{% endif %} 1 as id
