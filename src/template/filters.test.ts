import { expect, test } from 'vitest';
import { rendered } from './scope.test.support.ts';

// Each template and what Jinja2 3.1 makes of it.
const CASES: readonly (readonly [template: string, text: string])[] = [
  ["{{ 'x' if yes }}{{ 'x' if not yes }}|{{ 'a' if false else 'b' if false else 'c' }}", 'x|c'],
  [
    "{{ xs|sort }}{{ xs|sort(reverse=true) }}{{ names|sort }}{{ names|sort(case_sensitive=true) }}{{ rows|sort(attribute='v')|map(attribute='n')|list }}{{ rows|sort(attribute='g,v')|map(attribute='n')|join(',') }}",
    "[1, 2, 3][3, 2, 1]['A', 'b', 'c']['A', 'b', 'c']['y', 'z', 'x']z,x,y",
  ],
  [
    "{{ rows|map(attribute='n')|join('-') }}{{ names|map('upper')|list }}{{ xs|select('odd')|list }}{{ xs|reject('odd')|list }}{{ rows|selectattr('v','gt',1)|map(attribute='n')|list }}{{ rows|rejectattr('g','equalto','A')|list }}{{ xs|select|list }}{{ rows|map(attribute='zz', default='q')|list }}{{ xs|select('>', 1)|list }}{{ xs|select('in',[1,2])|list }}",
    "x-y-z['B', 'A', 'C'][3, 1][2]['x', 'z'][{'n': 'y', 'v': 1, 'g': 'b'}][3, 1, 2]['q', 'q', 'q'][3, 2][1, 2]",
  ],
  [
    "{{ xs|batch(2)|list }}{{ xs|batch(2,'x')|list }}{{ xs|slice(2)|list }}{{ range(7)|slice(3,'x')|list }}{{ range(6)|slice(3,'x')|list }}",
    "[[3, 1], [2]][[3, 1], [2, 'x']][[3, 1], [2]][[0, 1, 2], [3, 4, 'x'], [5, 6, 'x']][[0, 1, 'x'], [2, 3, 'x'], [4, 5, 'x']]",
  ],
  [
    "{{ [1,2,1,3]|unique|list }}{{ ['a','A']|unique|list }}{{ xs|min }}{{ xs|max }}{{ rows|max(attribute='v') }}{{ []|max }}{{ xs|sum }}{{ rows|sum(attribute='v') }}{{ xs|sum(start=10) }}{{ [[1],[2]]|sum(start=[]) }}",
    "[1, 2, 3]['a']13{'n': 'x', 'v': 3, 'g': 'A'}6616[1, 2]",
  ],
  [
    "{{ xs|first }}{{ xs|last }}{{ []|first }}{{ xs|reverse|list }}{{ s|reverse }}{{ 'x'|default('y') }}{{ zz|default('y') }}{{ ''|default('y') }}{{ ''|default('y', true) }}{{ none|default('a') }}{{ zz|d }}",
    '32[2, 1, 3]dlroW olleHxyyNone',
  ],
  [
    "{{ d|tojson }}{{ rows|tojson }}{{ html|tojson }}{{ d|tojson(indent=2) }}{{ [1.0,2.5,none,true,'é😀']|tojson }}",
    '{"C": 3, "a": 2, "b": 1}[{"g": "A", "n": "x", "v": 3}, {"g": "b", "n": "y", "v": 1}, {"g": "A", "n": "z", "v": 2}]"\\u003ca href=\\u0027x\\u0027\\u003e\\u0026\\"q\\"\\u003c/a\\u003e"{\n  "C": 3,\n  "a": 2,\n  "b": 1\n}[1.0, 2.5, null, true, "\\u00e9\\ud83d\\ude00"]',
  ],
  [
    "{{ 'a\\nb\\n\\nc'|indent }}|{{ 'a\\nb\\n\\nc'|indent(2,true) }}|{{ 'a\\nb\\n\\nc'|indent(2,blank=true) }}|{{ 'a\\nb'|indent('>>') }}|{{ 'a\\n'|indent }}|",
    'a\n    b\n\n    c|  a\n  b\n\n  c|a\n  b\n  \n  c|a\n>>b|a\n|',
  ],
  [
    "{{ long|wordwrap(20) }}|{{ long|wordwrap(10) }}|{{ long|wordwrap(10,false) }}|{{ 'a-b-cc-dd ee--ff well-known'|wordwrap(6) }}|{{ long|wordwrap(15, wrapstring='#') }}",
    'The quick brown fox\njumps over the lazy-\ndog and a verylongwo\nrdthatcannotbreak\nhere|The quick\nbrown fox\njumps over\nthe lazy-\ndog and a \nverylongwo\nrdthatcann\notbreak\nhere|The quick\nbrown fox\njumps over\nthe lazy-\ndog and a\nverylongwordthatcannotbreak\nhere|a-b-\ncc-dd\nee--ff\nwell-\nknown|The quick brown#fox jumps over#the lazy-dog#and a verylongw#ordthatcannotbr#eak here',
  ],
  [
    "{{ '%s %s'|format('a',1) }}{{ '%(x)s'|format(x=3) }}{{ s|title }}{{ \"it's a-b (c) foo_bar\"|title }}{{ \"it's\".title() }}{{ s|capitalize }}{{ s|center(20) }}|{{ s|wordcount }}{{ '<b>x</b> &amp; y'|striptags }}{{ html|e }}{{ html|escape }}{{ html|safe }}",
    "a 13Hello WorldIt's A-B (C) Foo_barIt'SHello world    Hello World     |2x & y&lt;a href=&#39;x&#39;&gt;&amp;&#34;q&#34;&lt;/a&gt;&lt;a href=&#39;x&#39;&gt;&amp;&#34;q&#34;&lt;/a&gt;<a href='x'>&\"q\"</a>",
  ],
  [
    "{{ 'a b/c?d=é'|urlencode }}{{ {'a b': 'c d', 'e': 1}|urlencode }}{{ {'class':'x','id':none,'t':1}|xmlattr }}{{ 'see http://x.com/a?b=c, ok'|urlize }}",
    'a%20b/c%3Fd%3D%C3%A9a+b=c+d&e=1 class="x" t="1"see <a href="http://x.com/a?b=c" rel="noopener">http://x.com/a?b=c</a>, ok',
  ],
  [
    "{{ 2.5|round }}{{ 3.5|round }}{{ 2.675|round(2) }}{{ 42.55|round(1,'floor') }}{{ 42.55|round(1,'ceil') }}{{ 42|round }}{{ 1234|round(-2) }}{{ 2.7|int }}{{ '42'|int }}{{ 'x'|int }}{{ 'x'|int(5) }}{{ '0x1f'|int(base=16) }}{{ '1.9'|int }}{{ '1e3'|float }}{{ 'x'|float }}{{ -3|abs }}{{ -2.5|abs }}{{ true|int }}{{ none|int }}",
    '2.04.02.6742.542.6421200242053111000.00.032.510',
  ],
  [
    '{{ 1000|filesizeformat }}{{ 1|filesizeformat }}{{ 999|filesizeformat }}{{ 1234567|filesizeformat }}{{ 1234567|filesizeformat(true) }}{{ 5000000000000|filesizeformat }}',
    '1.0 kB1 Byte999 Bytes1.2 MB1.2 MiB5.0 TB',
  ],
  [
    '{{ range(3) }}{{ range(1,10,3)|list }}{{ range(5,0,-2)|list }}{{ range(3)|length }}{{ range(5)[2] }}{{ range(3)[-1] }}{{ 2 in range(3) }}',
    'range(0, 3)[1, 4, 7][5, 3, 1]322True',
  ],
  [
    "{{ d|map('upper')|list }}{{ {'a':{'b':1}}.a.b }}{{ [{'a':1}]|map(attribute='a')|first }}{{ rows|map(attribute='g')|unique|sort|join }}{{ s|replace('l','x',1) }}{{ ' a '|trim }}{{ 'xax'|trim('x') }}{{ 12|string|length }}{{ [3,1]|sort|first }}",
    "['B', 'A', 'C']11AbHexlo Worldaa21",
  ],
  [
    "{{ '%5s|%-5s|%05d|%x|%X|%o|%e|%g|%%|%c|%r|%+d' % ('a','b',42,255,255,8,12345.678,0.00001,'z','q',5) }}",
    "    a|b    |00042|ff|FF|10|1.234568e+04|1e-05|%|z|'q'|+5",
  ],
  [
    '{{ xs|pprint }}{{ rows|pprint }}{{ s|pprint }}',
    "[3, 1, 2][{'g': 'A', 'n': 'x', 'v': 3},\n {'g': 'b', 'n': 'y', 'v': 1},\n {'g': 'A', 'n': 'z', 'v': 2}]'Hello World'",
  ],
  ["{{ namespace(a=1).a }}{{ ident(1, ) }}{{ [[1,2],[3]]|sum(start=[]) }}{{ 10|divisibleby(5) if false else '' }}", '11[1, 2, 3]'],
  [
    "{{ namespace(a=1) }}{{ rows|sort(attribute='g,v')|map(attribute='v')|list }}{{ (xs|select('odd')) and 1 }}{{ [] and 1 }}",
    "<Namespace {'a': 1}>[2, 3, 1]1[]",
  ],
  ['{{ [none, none]|sort }}{{ [zz, zy]|sort|length }}{{ [{}, {}]|sort(attribute="a")|length }}', '[None, None]22'],
];

test.each(CASES)("Jinja2's filters: %s", (template, text) => {
  expect(rendered(template)).toBe(text);
});
