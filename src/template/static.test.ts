import { expect, test } from 'vitest';
import { staticCalls } from './static.ts';
import { parseTemplate } from './template.ts';
import { toPlain, toValue } from './values.ts';

const read = (source: string) => staticCalls(parseTemplate(source, 'models/a.sql'));

test('refs, sources, configs, vars and other calls are read off the tree', () => {
  const reading = read(
    "{{ config(materialized='table', tags=['a', -1], meta={'k': none}) }}\n-- {# note #}\nselect {{ cents('x', 2) }}, {{ dbt_utils.star(ref('b', v=2)) }}\n" +
      "from {{ ref('pkg', 'a') }} join {{ source('raw', 'p') }} where d > {{ var('start', 1.0) }} {{ this }} {{ target.name }} {% do log('x') %}",
  );
  if (reading === 'dynamic') throw new Error('dynamic');
  expect(reading.refs.map(({ args, kwargs }) => [...args.map((a) => toPlain(a)), ...kwargs])).toEqual([
    ['b', ['v', 2]],
    ['pkg', 'a'],
  ]);
  expect(reading.refs[1]!.span).toEqual({ file: 'models/a.sql', line: 4, column: 9, endColumn: 12 });
  expect(reading.sources.map(({ args }) => args)).toEqual([['raw', 'p']]);
  expect(toPlain(toValue(reading.configs[0]!.kwargs))).toEqual({ materialized: 'table', tags: ['a', -1], meta: { k: null } });
  expect(reading.vars.map(({ name, hasDefault }) => [name, hasDefault])).toEqual([['start', true]]);
  expect(reading.calls.map(({ name }) => name)).toEqual(['cents', 'dbt_utils.star', 'log']);
});

test('a template without tags is text alone', () => {
  expect(read('select 1')).toEqual({ refs: [], sources: [], configs: [], vars: [], calls: [] });
});

test.each([
  "{% if target.name == 'x' %}{{ ref('a') }}{% endif %}",
  "{% set x = ref('a') %}",
  '{{ ref(name) }}',
  "{{ ref('a') | upper }}",
  "{{ ref('a').identifier }}",
  "{{ config(schema=var('s')) }}",
  "{{ env_var('X') }}",
  "{{ ref('a' ~ 'b') }}",
  "{{ ref(*['a']) }}",
  '{{ cents(x) }}',
  '{{ x }}',
  '{{ 1 + 1 }}',
  '{% macro m() %}{% endmacro %}',
])('anything else is dynamic: %s', (source) => {
  expect(read(source)).toBe('dynamic');
});
