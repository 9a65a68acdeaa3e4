// What is undefined prints nothing, and whoever renders may be told: of what is printed alone, at the place where it came about.
import { expect, test } from 'vitest';
import { scopeOf } from './scope.test.support.ts';
import { parseTemplate, render } from './template.ts';

function told(source: string): string[] {
  const found: string[] = [];
  render(parseTemplate(source, 'a.sql'), {
    scope: scopeOf(),
    printedUndefined: (value, at) => void found.push(`${value.name} ${value.origin?.line}:${value.origin?.column} ${at.line}:${at.column}`),
  });
  return found;
}

test.each([
  ['{{ zz }}', ['zz 1:4 1:4']],
  ['a\n  {{ zz }} {{ yy }}', ['zz 2:6 2:6', 'yy 2:15 2:15']],
  ['{{ {"a": 1}.b }}', ['b 1:13 1:13']],
  ['{{ {"a": 1}["b"] }}', ['b 1:12 1:12']],
  ['{% set x = zz %}\n{{ x }}', ['zz 1:12 2:4']],
  ['{% macro m(a) %}{{ a }}{% endmacro %}\n{{ m() }}', ['a 2:4 1:20']],
  ['{% macro m(a) %}{{ a }}{% endmacro %}\n{{ m(zz) }}', ['zz 2:6 1:20']],
  ['{{ zz if true }}', ['zz 1:4 1:4']],
  ['{% set t %}{{ zz }}{% endset %}', ['zz 1:15 1:15']],
])('%j prints it', (source, expected) => {
  expect(told(source)).toEqual(expected);
});

test.each([
  '{% if zz %}{% endif %}{% if zz is defined %}{% endif %}',
  "{{ zz | default('') }}{{ zz or 'a' }}{{ zz is undefined }}",
  "{{ 'a' if false }}{{ ',' if not true }}",
  '{% set x = zz %}{% do zz %}{% for x in [] %}{{ zz }}{% endfor %}',
  '{% macro m(a) %}{{ a }}{% endmacro %}',
  '{% macro m(a=none) %}{{ a }}{% endmacro %}{{ m() }}',
  "{{ '' }}{{ none }}",
])('%j does not', (source) => {
  expect(told(source)).toEqual([]);
});
