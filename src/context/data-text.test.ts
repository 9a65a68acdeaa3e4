import { expect, test } from 'vitest';
import { repr } from '../template/print.ts';
import { dictOf, float, PySet, Tuple } from '../template/values.ts';
import { fromJson, fromYaml, toJson, toYaml } from './data-text.ts';

// What Python's json and PyYAML make of the same.
test.each([
  ['{"a": [1, 2.0, 1e3, null, true, "2.5"]}', "{'a': [1, 2.0, 1000.0, None, True, '2.5']}"],
  ['[12345678901234567890, -0.5, "a\\"1.0"]', "[12345678901234567890, -0.5, 'a\"1.0']"],
  ['1.0', '1.0'],
])('fromjson %s', (text, shown) => {
  expect(repr(fromJson(text))).toBe(shown);
});

test('fromjson refuses what is no JSON', () => {
  expect(() => fromJson('bad')).toThrow();
});

test('tojson', () => {
  const value = dictOf({ b: 1, a: [1, 2.5, float(2), null, true, "é'", new Tuple([1])] });
  expect(toJson(value, false)).toBe('{"b": 1, "a": [1, 2.5, 2.0, null, true, "\\u00e9\'", [1]]}');
  expect(toJson(value, true)).toBe('{"a": [1, 2.5, 2.0, null, true, "\\u00e9\'", [1]], "b": 1}');
  expect(toJson(dictOf([[1, 2] as const, [null, 3] as const]), false)).toBe('{"1": 2, "null": 3}');
  expect(() => toJson(new PySet([1]), false)).toThrow('JSON');
});

test('toyaml', () => {
  expect(toYaml(dictOf({ b: [1, 'x'], a: dictOf({ c: null, d: 'yes' }) }), false)).toBe('b:\n- 1\n- x\na:\n  c: null\n  d: "yes"\n');
});

test('fromyaml', () => {
  expect(repr(fromYaml('a: [1, yes, 2024-01-01]\nb: ~\nc: 1.0\nd: 2024-01-02 03:04:05'))).toBe(
    "{'a': [1, True, datetime.date(2024, 1, 1)], 'b': None, 'c': 1.0, 'd': datetime.datetime(2024, 1, 2, 3, 4, 5)}",
  );
  expect(() => fromYaml('a: [')).toThrow();
});
