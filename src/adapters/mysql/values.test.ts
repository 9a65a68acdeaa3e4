// Bytes of the wire as exact cells.
import { expect, test } from 'vitest';
import { Decimal } from '../adapter.ts';
import { cellReader, fieldType, type FieldFacts } from './values.ts';

const field = (columnType: number, more: Partial<FieldFacts> = {}): FieldFacts => ({ name: 'x', columnType, characterSet: 46, ...more });

test.each([
  ['tinyint(1)', field(1, { columnLength: 1 }), '1', true],
  ['tinyint(4)', field(1, { columnLength: 4 }), '7', 7],
  ['bigint', field(8), '9007199254740993', 9007199254740993n],
  ['decimal', field(246), '12.50', new Decimal('12.50')],
  ['date', field(10), '2024-02-29', '2024-02-29'],
  ['datetime(6)', field(12), '2024-02-29 10:00:00.500000', '2024-02-29 10:00:00.5'],
  ['datetime(6), whole', field(12), '2024-02-29 10:00:00.000000', '2024-02-29 10:00:00'],
  ['datetime', field(12), '2024-02-29 10:00:00', '2024-02-29 10:00:00'],
  ['varchar', field(253), 'ü', 'ü'],
  ['varbinary', field(253, { characterSet: 63 }), 'a', new Uint8Array([97])],
  ['json', field(245, { characterSet: 63 }), '{"a": 1}', '{"a": 1}'],
])('%s', (_what, facts, text, expected) => {
  expect(cellReader(facts)(Buffer.from(text))).toEqual(expected);
});

test.each([
  [field(246, { columnLength: 12, decimals: 2 }), 'decimal(10,2)'],
  [field(246, { columnLength: 11, decimals: 0 }), 'decimal(10,0)'],
  [field(253, { columnLength: 80 }), 'varchar(20)'],
  [field(12, { decimals: 6 }), 'datetime(6)'],
  [field(8, { flags: 32 }), 'bigint unsigned'],
  [field(1, { columnLength: 1 }), 'tinyint(1)'],
])('a field of type %o', (facts, expected) => {
  expect(fieldType(facts)).toBe(expected);
});
