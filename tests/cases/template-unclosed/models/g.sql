{% elif x %}
