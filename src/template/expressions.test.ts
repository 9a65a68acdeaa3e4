import { expect, test } from 'vitest';
import { rendered } from './scope.test.support.ts';

// Each template and what Jinja2 3.1 makes of it.
const CASES: readonly (readonly [template: string, text: string])[] = [
  ['hello {{ s }}!', 'hello Hello World!'],
  ["{{ xs }} {{ d }} {{ nothing }} {{ yes }} {{ n/2 }} {{ 4/2 }} {{ [1,'a',none] }}", "[3, 1, 2] {'b': 1, 'a': 2, 'C': 3} None True 3.5 2.0 [1, 'a', None]"],
  [
    "{{ xs[0] }}{{ xs[-1] }}{{ xs[1:] }}{{ xs[::-1] }}{{ s[1:4] }}{{ s[::-2] }}{{ s[-3:] }}{{ xs[:2] }}{{ (1,2,3)[1:] }}{{ xs[5] }}{{ nested.a.b[0] }}{{ nested['a']['b'][1] }}",
    '32[1, 2][2, 1, 3]elldrWolHrld[3, 1](2, 3)1020',
  ],
  ["{{ (1,) }}{{ () }}{{ (1,2) }}{{ 1,2 }}{{ [1,2,] }}{{ {'a':1,} }}", "(1,)()(1, 2)(1, 2)[1, 2]{'a': 1}"],
  ["{{ 1 < 2 < 3 }}{{ 1 < 3 < 2 }}{{ 1 in xs }}{{ 9 not in xs }}{{ 'a' in d }}{{ 'ell' in s }}{{ not yes }}", 'TrueFalseTrueTrueTrueTrueFalse'],
  [
    "{{ 'a' ~ 1 ~ none ~ [1] }}{{ 'a' 'b' \"c\" }}{{ '%s-%d' % ('x', 3) }}{{ '%05.2f' % 3.14159 }}{{ '%s' % 1 }}{{ '%(a)s' % {'a': 1} }}",
    'a1None[1]abcx-303.1411',
  ],
  [
    '{{ 7 // 2 }}{{ -7 // 2 }}{{ -7 % 3 }}{{ 7 % -3 }}{{ 2 ** 10 }}{{ 2 ** -1 }}{{ -2 ** 2 }}{{ 2 ** 3 ** 2 }}{{ 7.5 // 2 }}{{ 7.5 % 2 }}{{ 1e3 }}{{ 1_000 }}{{ 1.5e-7 }}{{ 1e100 }}{{ 2**100 }}{{ 0x1f }}{{ 0b11 }}{{ 0o17 }}',
    '3-42-210240.54643.01.51000.010001.5e-071e+100126765060022822940149670320537631315',
  ],
  [
    "{{ ident(*xs) }}{{ ident(*[1,2], **{'z': 3}) }}{{ dict(a=1, b=2) }}{{ dict([('a', 1)]) }}{{ dict({'x':1}, y=2) }}",
    "31{'a': 1, 'b': 2}{'a': 1}{'x': 1, 'y': 2}",
  ],
  [
    "{{ 1 is defined }}{{ zz is defined }}{{ zz is undefined }}{{ none is none }}{{ 1 is number }}{{ 1.0 is float }}{{ 1 is integer }}{{ true is integer }}{{ true is number }}{{ 'a' is string }}{{ d is mapping }}{{ xs is sequence }}{{ d is sequence }}{{ xs is iterable }}{{ 1 is iterable }}{{ ident is callable }}{{ 3 is odd }}{{ 4 is even }}{{ 9 is divisibleby 3 }}{{ 9 is divisibleby(4) }}{{ 'a' is lower }}{{ 'A' is upper }}{{ 1 is sameas 1 }}{{ 1 is eq 1 }}{{ 1 is not none }}{{ 1 is in [1,2] }}{{ 3 is not in [1,2] }}{{ true is true }}{{ false is false }}{{ true is boolean }}{{ 'upper' is filter }}{{ 'odd' is test }}{{ 1 is lt 2 }}{{ 1 is ge 2 }}",
    'TrueFalseTrueTrueTrueTrueTrueFalseTrueTrueTrueTrueTrueTrueFalseTrueTrueTrueTrueFalseTrueTrueTrueTrueTrueTrueTrueTrueTrueTrueTrueTrueTrueFalse',
  ],
  [
    "{{ 1 == 1.0 }}{{ true == 1 }}{{ 'a' == 'a' }}{{ [1,2] == [1,2] }}{{ {'a':1} == {'a':1.0} }}{{ (1,2) == [1,2] }}{{ none == false }}{{ zz == none }}{{ [1,2] < [1,3] }}{{ 'a' < 'b' }}{{ (1,2) < (1,2,3) }}{{ {1:2}[1.0] }}{{ {true: 'x'}[1] }}{{ 1 != 2 }}",
    'TrueTrueTrueTrueTrueFalseFalseFalseTrueTrueTrue2xTrue',
  ],
  [
    '{{ 1.0 }}{{ 0.1 + 0.2 }}{{ 1e16 }}{{ 1e15 }}{{ 123456789.123 }}{{ 1e-5 }}{{ 0.0001 }}{{ 1/3 }}{{ 100000000000000000000 }}{{ 9007199254740993 }}{{ 9007199254740993 + 1 }}{{ 3.0 * 2 }}{{ 10 ** 20 }}{{ 1e22 }}{{ -0.0 }}{{ 5 / 5 }}{{ 2.0 ** 3 }}{{ 1 + true }}{{ 1.5 + 1.5 }}',
    '1.00.300000000000000041e+161000000000000000.0123456789.1231e-050.00010.3333333333333333100000000000000000000900719925474099390071992547409946.01000000000000000000001e+22-0.01.08.023.0',
  ],
  [
    "{{ 'it\\'s' }}{{ [\"it's\"] }}{{ ['a\"b\\'c'] }}{{ ['\\n\\t\\\\'] }}{{ \"\\x41\\u00e9\\U0001F600\\101\" }}{{ ['é', '\\x00', '\\u200b'] }}{{ 'a\\qb' }}",
    "it's[\"it's\"]['a\"b\\'c']['\\n\\t\\\\']Aé😀A['é', '\\x00', '\\u200b']a\\qb",
  ],
  ["{{ xs|map('upper') is iterable }}{{ (xs|select('odd')) is defined }}{{ xs.0 }}{{ nested.a.b.1 }}", 'TrueTrue320'],
  ['{{ "a" if 1 is defined and 2 is defined else "b" }}{{ 1 if n is none else 2 }}{{ not 1 in xs }}{{ (not 1) in xs }}', 'a2FalseFalse'],
  ['{{ 2.5 // -3 }}{{ -0.0 }}{{ false // -2.5 }}{{ 5.0 % -3 }}{{ -5 % 3 }}{{ -5 // 3 }}{{ 2**-1 }}{{ 1e300 * 1e10 }}', '-1.0-0.0-0.0-1.01-20.5inf'],
];

test.each(CASES)('expressions, as Jinja2 evaluates and prints them: %s', (template, text) => {
  expect(rendered(template)).toBe(text);
});
