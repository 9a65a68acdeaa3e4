import { expect, test } from 'vitest';
import { Failure } from '../diagnostics/diagnostic.ts';
import { scopeOf } from './scope.test.support.ts';
import { parseTemplate, render } from './template.ts';
import type { Limits } from './values.ts';

function codeOf(source: string, limits?: Limits): string {
  try {
    return render(parseTemplate(source, 'a.sql'), { scope: scopeOf(), ...(limits === undefined ? {} : { limits }) });
  } catch (error) {
    if (error instanceof Failure) return error.diagnostics[0]!.code;
    throw error;
  }
}

test.each([
  '{% for x in range(10**12) %}{% endfor %}',
  "{{ 'a' * 10**10 }}",
  '{{ [0] * 10**9 }}',
  '{{ 9 ** 99999999 }}',
  "{{ 'a'.ljust(10**10) }}",
  "{{ '%99999999999d' % 1 }}",
  "{{ '{:99999999999}'.format(1) }}",
  "{{ 'a' | center(10**10) }}",
  "{{ 'a' | indent(10**10) }}",
  "{% set ns = namespace(s='aaaaaaaaaa') %}{% for i in range(100) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
  '{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(1) }}',
  `{{ ${'1+'.repeat(50_000)}1 }}`,
  `{{ x${'.a'.repeat(50_000)} }}`,
  '{% set l = [] %}{% set m = [l] %}{% do l.append(m) %}{{ l | tojson }}',
  '{{ ([[1] * 3000] * 30000) | sum(start=[]) | length }}',
  "{{ ('a' * 10**8) | list | length }}",
  '{{ range(10**7) | list | sort | list | sort | length }}',
  '{{ [1] | slice(10**9) | list }}',
  "{{ [1] | batch(10**9, 'x') | list }}",
  '{% set l = [1] %}{% for i in range(60) %}{% do l.extend(l) %}{% endfor %}',
  ...[
    '{{ ns.s }}',
    '{{ ns.s == other.s }}',
    '{{ ns.s < other.s }}',
    '{{ ns.s | tojson }}',
    '{{ ns.s | pprint }}',
    '{{ [ns.s] | string }}',
    '{{ other.s in [ns.s] }}',
  ].map(
    (use) =>
      `{% set ns = namespace(s=[1]) %}{% set other = namespace(s=[1]) %}{% for i in range(60) %}{% set ns.s = (ns.s, ns.s) %}{% set other.s = (other.s, other.s) %}{% endfor %}${use}`,
  ),
])('what has no end is refused (%#)', (source) => {
  expect(codeOf(source)).toBe('template/limit');
});

test('steps are counted', () => {
  const limits = { steps: 1000, depth: 200, characters: 1000 };
  expect(codeOf('{% for a in range(100) %}{% for b in range(100) %}{% endfor %}{% endfor %}', limits)).toBe('template/limit');
  expect(codeOf('{% for a in range(300) %}xxxxx{% endfor %}', limits)).toBe('template/limit');
  expect(codeOf('{% for a in range(10) %}x{% endfor %}', limits)).toBe('xxxxxxxxxx');
});

test.each([
  `{{ ${'('.repeat(5000)}1${')'.repeat(5000)} }}`,
  `{{ ${'not '.repeat(50_000)}1 }}`,
  `{{ ${'-'.repeat(50_000)}1 }}`,
  '{% if 1 %}'.repeat(5000) + '{% endif %}'.repeat(5000),
])('what is nested too deeply is a mistake of syntax (%#)', (source) => {
  expect(codeOf(source)).toBe('template/syntax');
});

test.each([
  "{{ ''.constructor.constructor('return process')() }}",
  '{{ [].__proto__.x }}',
  '{{ {}.__class__.__mro__ }}',
  "{{ {}['constructor'].name }}",
  "{{ ''['__proto__'].x }}",
  '{{ ident.constructor.x }}',
  '{{ ident.call.x }}',
  '{{ s.length.x }}',
  '{{ xs.map.x }}',
  '{{ globalThis.process }}',
  '{{ process.env }}',
  "{{ '{0.__class__.x}'.format(1) }}",
  "{{ xs | map(attribute='constructor.name') | list }}",
  '{{ loop.constructor.x }}',
  '{% for x in xs %}{{ loop.again.x }}{% endfor %}',
  '{{ range(3).iterate.x }}',
])('nothing of the host can be reached: %s', (source) => {
  expect(codeOf(source)).toMatch(/^template\/(undefined|type)$/);
});
