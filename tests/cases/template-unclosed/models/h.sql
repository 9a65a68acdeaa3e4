{% incude 'a' %}
