select
    {{ "1 as a," if false }}
    '{{ nothing | default("") }}' as b,
    '{{ nothing or "x" }}' as c
    {% if nothing %}, 1 as d{% endif %}
    {% if nothing is defined %}, 1 as e{% endif %}
    {% for x in [] %}{{ nothing }}{% endfor %}
