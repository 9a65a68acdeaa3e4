// SQL read as far as messages need it.
import { expect, test } from 'vitest';
import { findName, givenNames, operatorsIn, tablesOf, wordsOf } from './sql-text.ts';

test('words stand outside of strings, comments and templates', () => {
  expect(wordsOf(`select 'a b' as "C d", x -- y\nfrom {{ ref('t') }} /* z */ ;`).map((w) => w.text)).toEqual(['select', 'as', 'C d', 'x', 'from', ';']);
});

test.each([
  ['select statsu from t', 'statsu', 7],
  ["select 'statsu', statsu from t", 'statsu', 17],
  ['select a.statsu from t', 'a.statsu', 7],
  ['select "a".`statsu` from t', 'a.statsu', 7],
  ['select statsu, o.statsu from t', 'o.statsu', 15],
  ['-- statsu\nselect 1', 'statsu', undefined],
  ['select o, statsu from t', 'o.statsu', undefined],
])('%j names %j', (sql, name, at) => {
  expect(findName(sql, name)).toBe(at);
});

test.each([
  ['select 1 from a', { a: 'a' }],
  ['select 1 from w.a x join "b" as y on x.i = y.i', { x: 'a', y: 'b' }],
  ['select 1 from a left join b on a.i = b.i where 1 = 1', { a: 'a', b: 'b' }],
  ['with q as (select 1 from a) select 1 from q', { a: 'a', q: 'q' }],
  ['select 1 from (select 2 from a) z', { a: 'a' }],
  ['select extract(year from day) from a', { day: 'day', a: 'a' }],
])('tables of %j', (sql, tables) => {
  expect(Object.fromEntries(tablesOf(sql))).toEqual(tables);
});

test('names given by as', () => {
  expect(givenNames('with q as (select a as b, cast(c as integer) as "D" from t as u) select b from q')).toEqual(['b', 'integer', 'D', 'u']);
});

test('operators outside of strings and comments', () => {
  expect(operatorsIn("select 1 / 2, 'a/b' -- 3/4\n, 5 % 6", /[/%]/)).toEqual([9, 31]);
});
