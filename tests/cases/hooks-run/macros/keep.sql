{% macro keep(results) %}
  {% if execute and results %}
  insert into results values
  {% for r in results %}
    ('{{ r.node.name }}', '{{ r.status }}', {{ r.failures if r.failures is not none else 'null' }}){{ ',' if not loop.last }}
  {% endfor %}
  {% endif %}
{% endmacro %}
