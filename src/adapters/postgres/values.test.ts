// Text of the wire as exact cells.
import pg from 'pg';
import { expect, test } from 'vitest';
import { Decimal, type Cell } from '../adapter.ts';
import { cellParser, typeName } from './values.ts';

const parse = (oid: number, text: string): Cell => cellParser(oid, pg.types.arrayParser as never)(text);

test.each([
  ['boolean', 16, 't', true],
  ['int8', 20, '9007199254740993', 9007199254740993n],
  ['int8, safe', 20, '-12', -12],
  ['float8', 701, '0.1', 0.1],
  ['date', 1082, '2024-02-29', '2024-02-29'],
  ['timestamp', 1114, '2024-02-29 10:00:00.5', '2024-02-29 10:00:00.5'],
  ['timestamptz', 1184, '2024-02-29 10:00:00.123456+00', '2024-02-29 10:00:00.123456+00:00'],
  ['timestamptz of a session in another zone', 1184, '2024-01-01 01:30:00.25+05:30', '2023-12-31 20:00:00.25+00:00'],
  ['timestamptz without end', 1184, 'infinity', 'infinity'],
  ['jsonb stays text', 3802, '{"a": 1}', '{"a": 1}'],
  ['an unknown type stays text', 99999, 'x', 'x'],
])('%s', (_what, oid, text, expected) => {
  expect(parse(oid, text)).toBe(expected);
});

test('numeric, bytea and arrays', () => {
  expect(parse(1700, '12.50')).toEqual(new Decimal('12.50'));
  expect(parse(17, '\\x00ff')).toEqual(new Uint8Array([0, 255]));
  expect(parse(1016, '{1,NULL,9007199254740993}')).toEqual([1, null, 9007199254740993n]);
  expect(parse(1009, '{a,"b,c",NULL,"NULL",""}')).toEqual(['a', 'b,c', null, 'NULL', '']);
  expect(parse(1231, '{1.50}')).toEqual([new Decimal('1.50')]);
});

test.each([
  [1700, ((10 << 16) | 2) + 4, 'numeric(10,2)'],
  [1700, -1, 'numeric'],
  [1043, 24, 'character varying(20)'],
  [1114, -1, 'timestamp without time zone'],
  [99999, -1, undefined],
])('the name of type %i with modifier %i', (oid, modifier, expected) => {
  expect(typeName(oid, modifier)).toBe(expected);
});
