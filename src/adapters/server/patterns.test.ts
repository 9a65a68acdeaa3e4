// The texts that convert: laws against JavaScript's own reading, and what types are called.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DATE_PATTERN, FLOAT_PATTERN, MOMENT_PATTERN, NUMBER_PATTERN, typeMeaning, whole } from './patterns.ts';

test('a date matches exactly where the calendar has it', () => {
  const matches = new RegExp(whole(DATE_PATTERN));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }), (y, m, d) => {
      const text = `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`;
      const date = new Date(`${text}T00:00:00Z`);
      expect(matches.test(text)).toBe(!Number.isNaN(date.getTime()) && date.toISOString().startsWith(text));
    }),
    { numRuns: 5000 },
  );
});

test.each([
  [DATE_PATTERN, '0000-02-29', false],
  [DATE_PATTERN, '2024-2-29', false],
  [MOMENT_PATTERN, '2024-02-29', true],
  [MOMENT_PATTERN, '2024-2-9', true],
  [MOMENT_PATTERN, '2023-2-29', false],
  [MOMENT_PATTERN, '0000-01-01', false],
  [MOMENT_PATTERN, '2024-02-29 23:59', true],
  [MOMENT_PATTERN, ' 2024-02-29T23:59:59.999999999Z ', true],
  [MOMENT_PATTERN, '2024-02-29 1:2:3+02:00', true],
  [MOMENT_PATTERN, '2024-02-29 23:59:60', false],
  [MOMENT_PATTERN, '2024-02-29Z', false],
  [MOMENT_PATTERN, 'infinity', false],
  [NUMBER_PATTERN, '.5', true],
  [NUMBER_PATTERN, ' -5. ', true],
  [NUMBER_PATTERN, '.', false],
  [NUMBER_PATTERN, '1e5', true],
  [NUMBER_PATTERN, '1e100', false],
  [NUMBER_PATTERN, '0x10', false],
  [NUMBER_PATTERN, '1_000', false],
  [FLOAT_PATTERN, '-1.797e+300', true],
  [FLOAT_PATTERN, '1e308', false],
  [FLOAT_PATTERN, 'nan', false],
])('%s on %s', (pattern, text, expected) => {
  expect(new RegExp(whole(pattern)).test(text)).toBe(expected);
});

test.each([
  ['DECIMAL(10, 2)', { kind: 'decimal', precision: 10, scale: 2 }],
  ['numeric', { kind: 'decimal', precision: 0, scale: 0 }],
  ['character varying(20)', { kind: 'text' }],
  ['timestamp(3) without time zone', { kind: 'timestamp' }],
  ['timestamp with time zone', { kind: 'timestamptz' }],
  ['Double  Precision', { kind: 'float' }],
  ['jsonb', { kind: 'json' }],
  ['uuid', { kind: 'other' }],
])('%s means %o', (type, meaning) => {
  expect(typeMeaning(type)).toEqual(meaning);
});
