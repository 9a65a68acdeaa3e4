{% set ns = namespace(t='x') %}
{% if execute %}{% for i in range(60) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}{% endif %}
select '{{ ns.t }}' as id
