{% set d = env_var('DWT_NOT_SET') %}
{% set e = d ~ 'x' %}
{% set f = unknown_macro(e) %}
select '{{ d }}', '{{ f.x }}' from {{ ref('orders_missing') }}
join {{ ref('bb') }} using (a)
where {{ nomacro() }} and {{ other_macro(1) }} and x = {{ var('novar') }}
{% for i in range(3) %}{{ again() }}{% endfor %}
{% for i in again2() %}{% set z = 3 %}{{ i }}{% endfor %}
{{ 1 + 'x' }} {{ 'abc' | nofilter }}
