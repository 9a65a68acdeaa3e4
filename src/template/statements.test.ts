import { expect, test } from 'vitest';
import { rendered } from './scope.test.support.ts';

// Each template and what Jinja2 3.1 makes of it.
const CASES: readonly (readonly [template: string, text: string])[] = [
  ['{% for x in xs %}{{ loop.index }}{{ x }}{% if not loop.last %},{% endif %}{% endfor %}', '13,21,32'],
  ['a {%- if yes -%} b {%- endif -%} c\n  {{- n -}}  z', 'abc7z'],
  ['{% set x = 1 %}{% for i in xs %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}', '4231'],
  ['{% set ns = namespace(a=1) %}{% for i in xs %}{% set ns.a = ns.a + i %}{% endfor %}{{ ns.a }}', '7'],
  ['{% macro m(a, b=2, c=a) %}[{{ a }},{{ b }},{{ c }}]{% endmacro %}{{ m(1) }}{{ m(1,c=5) }}{{ m() }}', '[1,2,1][1,2,5][,2,]'],
  ['{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1,2,3,z=4) }}', "1(2, 3){'z': 4}"],
  ['{% macro m(a) %}<{{ caller(a, 2) }}>{% endmacro %}{% call(x, y) m(5) %}{{ x }}-{{ y }}{% endcall %}', '<5-2>'],
  ['{% for a, b in d.items() %}{{ a }}={{ b }};{% else %}none{% endfor %}{% for a in [] %}x{% else %}none{% endfor %}', 'b=1;a=2;C=3;none'],
  [
    '{% for item in tree recursive %}{{ loop.depth }}{{ loop.depth0 }}{{ item.n }}{% if item.c %}({{ loop(item.c) }}){% endif %}{% endfor %}',
    '10a(21b21c(32d))',
  ],
  [
    '{% for x in range(10) if x is odd %}{{ loop.index0 }}:{{ loop.revindex }}:{{ loop.revindex0 }}:{{ loop.first }}:{{ loop.length }}:{{ x }}:{{ loop.previtem }}:{{ loop.nextitem }}|{% endfor %}',
    '0:5:4:True:5:1::3|1:4:3:False:5:3:1:5|2:3:2:False:5:5:3:7|3:2:1:False:5:7:5:9|4:1:0:False:5:9:7:|',
  ],
  ["{% for x in [1,1,2,2] %}{{ loop.changed(x) }}{{ loop.cycle('a','b') }}{% endfor %}", 'TrueaFalsebTrueaFalseb'],
  ['{% for x in range(10) %}{% if x == 2 %}{% continue %}{% endif %}{% if x == 5 %}{% break %}{% endif %}{{ x }}{% endfor %}', '0134'],
  ["{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set t %}x{{ a }}y{% endset %}{{ t }}{% set u | upper | replace('X','z') %}xx{% endset %}{{ u }}", '12x1yzz'],
  ['{% set l = [] %}{% do l.append(1) %}{% do l.extend([2,3]) %}{{ l }}{{ l.append(4) }}', '[1, 2, 3]None'],
  ["{% filter upper %}abc{{ s }}{% endfilter %}{% filter replace('a','b') | upper %}aaa{% endfilter %}", 'ABCHELLO WORLDBBB'],
  ['{% raw %}{{ x }} {% if %}{% endraw %}|{%- raw -%}  a  {%- endraw -%} b', '{{ x }} {% if %}|ab'],
  ['{% with a=1, b=2 %}{{ a+b }}{% endwith %}{{ a }}', '3'],
  ['{# comment #}a{#- c -#} b {# x\ny #} c', 'ab  c'],
  [
    "{% for g, items in rows|groupby('g') %}{{ g }}:{{ items|map(attribute='n')|join(',') }};{% endfor %}{{ rows|groupby('g') }}{% for g in rows|groupby('v') %}{{ g.grouper }}{{ g.list|length }}{% endfor %}",
    "A:x,z;b:y;[('A', [{'n': 'x', 'v': 3, 'g': 'A'}, {'n': 'z', 'v': 2, 'g': 'A'}]), ('b', [{'n': 'y', 'v': 1, 'g': 'b'}])]112131",
  ],
  [
    "{% set c = cycler('a','b') %}{{ c.next() }}{{ c.current }}{{ c.next() }}{{ c.next() }}{% set j = joiner('|') %}{{ j() }}{{ j() }}{% set j = joiner() %}{{ j() }}{{ j() }}",
    'abba|, ',
  ],
  [
    "{{ zip([1,2],['a','b']) }}{% for a, (b, c) in [(1,(2,3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}{% for (a, b) in [(1,2)] %}{{ a }}{{ b }}{% endfor %}",
    "[(1, 'a'), (2, 'b')]12312",
  ],
  [
    '{% if zz %}a{% elif n == 7 %}b{% elif 1 %}c{% else %}d{% endif %}{% if [] %}x{% else %}y{% endif %}{% if {} %}x{% else %}y{% endif %}{% if 0.0 %}x{% else %}y{% endif %}',
    'byyy',
  ],
  ['{% for x in xs %}{% for y in xs %}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}', '123112321233'],
  [
    '{% macro a() %}{% set x = 5 %}{{ x }}{{ n }}{% endmacro %}{{ a() }}{{ x }}{% set q = 3 %}{% macro b() %}{{ q }}{% endmacro %}{{ b() }}{% set q = 4 %}{{ b() }}',
    '5734',
  ],
  ['{% macro outer() %}{% macro inner(x) %}[{{ x }}]{% endmacro %}{{ inner(1) }}{% endmacro %}{{ outer() }}', '[1]'],
  [
    "{{ undefinedvar }}{{ d.nope }}{{ d['nope'] }}{{ xs['a'] }}{{ xs.foo }}|{{ [zz] }}{{ zz ~ 'a' }}{{ zz|length }}{% for x in zz %}a{% endfor %}",
    '|[Undefined]a0',
  ],
  ['line1\nline2\n', 'line1\nline2'],
  ['{% set x -%}   trimmed   {%- endset %}[{{ x }}]', '[trimmed]'],
  ['{%+ if yes +%} a {%+ endif +%}', ' a '],
  [
    "{{ loop is defined }}{% block foo %}b{{ n }}{% endblock %}{{ xs | map('string') | join(', ') }}{{ [1,2]+[3] }}{{ [0]*3 }}{{ 'ab'*2 }}{{ 3*'x' }}{{ (1,)+(2,) }}",
    'Falseb73, 1, 2[1, 2, 3][0, 0, 0]ababxxx(1, 2)',
  ],
  [
    "{% set d2 = {'items': 1, 'x': 2} %}{{ d2['items'] }}{{ d2.x }}{% for k in d2 %}{{ k }}{% endfor %}{% for k, v in d2.items()|sort %}{{ k }}{{ v }}{% endfor %}",
    '12itemsxitems1x2',
  ],
  ['{% for x in [1,2,3] %}{{ loop }}{% endfor %}', '<LoopContext 1/3><LoopContext 2/3><LoopContext 3/3>'],
  ['{% for i in range(3) -%}\n  {{ i }},\n{%- endfor %}', '0,1,2,'],
  ['{% if yes: %}a{% else: %}b{% endif %}{% for x in xs: %}{{ x }}{% endfor %}', 'a312'],
  ['{% for k, v in d.items()|sort(attribute=1, reverse=true) if v > 1 %}{{ loop.index }}/{{ loop.length }}:{{ k }};{% endfor %}', '1/2:C;2/2:a;'],
  [
    '{% set ns = namespace(found=false, items=[]) %}{% for x in xs %}{% if x > 1 %}{% set ns.found = true %}{% do ns.items.append(x) %}{% endif %}{% endfor %}{{ ns.found }}{{ ns.items }}',
    'True[3, 2]',
  ],
  [
    "{%- set cols = ['a', 'b'] -%}\nselect\n{%- for c in cols %}\n    {{ c }}{{ \",\" if not loop.last }}\n{%- endfor %}\nfrom t",
    'select\n    a,\n    b\nfrom t',
  ],
  ['{% filter indent(2, first=true) | upper %}a\nb{% endfilter %}|{% set q %}{% for x in xs %}{{ x }}{% endfor %}{% endset %}{{ q|length }}\n', '  A\n  B|3'],
];

test.each(CASES)('statements and white space, as Jinja2 writes them: %s', (template, text) => {
  expect(rendered(template)).toBe(text);
});
