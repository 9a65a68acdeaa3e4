{%- set ns = namespace(total=0, names=[]) -%}
{%- for i in range(1, 5) if i is odd -%}
  {%- set ns.total = ns.total + i -%}
  {%- do ns.names.append('n' ~ i) -%}
{%- endfor -%}
{%- set block -%} inside {%- endset -%}
{{ now() }}
{{ all_of(1, 2, k='v') }}
{% call(x) wrap() %}{{ x }}{% endcall %}
{{ apply(twice, 21) }}
{{ twice('ab', times=3) }}
{{ ns.total }} {{ ns.names }} {{ block | trim }}
{{ [1, 2, 3][1:] }} {{ {'a': none, 'b': true} }} {{ 7 // 2 }} {{ 2 ** 3 }} {{ 'a' in 'abc' }} {{ 1 if 2 > 1 > 0 }}
{{ '%05.2f' | format(3.14159) }} {{ "%s-%s" % ('a', 1) }} {{ 'x{}'.format(2) }} {{ 10 / 4 }} {{ '1,2'.split(',') }}
{{ tojson({'a': [1]}) }} {{ fromjson('{"b": 2}').b }} {{ modules.datetime.date(2025, 1, 31).isoformat() }} {{ target.type }} {{ this }} {{ model.name }}
