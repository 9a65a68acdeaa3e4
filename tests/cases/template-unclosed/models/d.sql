{% for i in [1, 2] %} {{ i }} {% endif %}
