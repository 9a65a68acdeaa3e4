// Where a value that does not fit may come from.
import { expect, test } from 'vitest';
import type { Resource } from '../project/resources.ts';
import { causesIn, causesInViews } from './value-causes.ts';

test.each([
  ['division by zero', 'select a / b from t', [9]],
  ['Division by 0', "select a / b, c % 2, '/' from t", [9, 16]],
  ["Could not convert string 'x' to INT32 when casting from source column status", 'select cast(a as int), cast(status as int), t.status::int', [23, 46]],
  ['invalid input syntax for type integer: "x"', 'select cast(a as int), cast(b as date), c::int8', [7, 40]],
  ["Incorrect datetime value: 'x' for column `w`.`orders`.`status` at row 1", 'select cast(`status` as date) from orders', [7]],
  ['value too long', 'select cast(a as char(3)) from t', []],
])('%s in %j', (message, sql, offsets) => {
  expect(causesIn(sql, message)).toEqual(offsets);
});

const view = (file: string): Resource => ({ type: 'model', name: file, file, config: { materialized: 'view' } }) as unknown as Resource;
const TEXTS: Readonly<Record<string, string>> = { 'a.sql': 'select\n    cast(status as int) as s\nfrom {{ ref("x") }}', 'b.sql': 'select 1' };
const read = (file: string): string => TEXTS[file]!;
const MESSAGE = "Could not convert string 'x' to INT32 when casting from source column status";

test('a place in a view is told where there is one, and none where there are several', () => {
  expect(causesInViews(MESSAGE, [view('a.sql'), view('b.sql')], read)).toEqual([
    { message: "it may come from here, in model 'a.sql', a view", span: { file: 'a.sql', line: 2, column: 5, endColumn: 16 } },
  ]);
  expect(causesInViews(MESSAGE, [view('a.sql'), view('a.sql')], read)).toEqual([]);
  expect(causesInViews(MESSAGE, [view('b.sql')], read)).toEqual([]);
});
