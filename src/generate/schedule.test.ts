import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDay } from './calendar.ts';
import type { Table } from './declaration.ts';
import { createSchedule } from './schedule.ts';

const AS_OF = parseDay('2024-12-31')!;
const table = (part: Partial<Table>): Table => ({
  name: 't',
  hidden: false,
  fixed: [],
  rows: 0,
  arrive: undefined,
  grow: undefined,
  rhythm: undefined,
  each: undefined,
  columns: [],
  changes: [],
  ...part,
});
const weights = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).filter((w) => w.some((n) => n > 0));
const tables = fc
  .record({
    rows: fc.nat(500),
    arrive: fc.option(
      fc.nat(700).map((days) => ({ from: AS_OF - days, to: AS_OF })),
      { nil: undefined },
    ),
    grow: fc.option(
      fc.record({
        rows: fc.integer({ min: 1, max: 40 }),
        per: fc.constantFrom('day' as const, 'week' as const, 'month' as const, 'year' as const),
      }),
      { nil: undefined },
    ),
    rhythm: fc.option(fc.record({ weekdays: weights(7), months: weights(12), noise: fc.constantFrom(0, 0.3, 1) }), {
      nil: undefined,
    }),
  })
  .map(table);

test('rows only ever come; each arrives on the first day that counts it; all base rows are there on the as-of date', () => {
  fc.assert(
    fc.property(tables, fc.nat(200), (t, ahead) => {
      const schedule = createSchedule(t, 42, AS_OF, 1);
      expect(schedule.count(AS_OF)).toBe(t.rows);
      for (let day = AS_OF - 30; day < AS_OF + ahead; day++) expect(schedule.count(day)).toBeLessThanOrEqual(schedule.count(day + 1));
      const other = createSchedule(t, 42, AS_OF, 1);
      for (let index = 0; index < schedule.count(AS_OF + ahead); index += 7) {
        const day = other.arrived(index);
        if (day === -Infinity) expect(t.arrive).toBeUndefined();
        else {
          expect(schedule.count(day)).toBeGreaterThan(index);
          expect(schedule.count(day - 1)).toBeLessThanOrEqual(index);
        }
      }
    }),
  );
});

test('growth keeps its rate: so many per period, on average, times the scale', () => {
  const count = (rows: number, per: 'day' | 'week' | 'month' | 'year', scale: number): number =>
    createSchedule(table({ grow: { rows, per } }), 1, AS_OF, scale).count(AS_OF + 365);
  expect(count(28, 'day', 1)).toBe(28 * 365);
  expect(count(7, 'week', 10)).toBe(3650);
  expect(Math.abs(count(30, 'month', 1) - 360)).toBeLessThanOrEqual(1);
  expect(Math.abs(count(24, 'year', 1) - 24)).toBeLessThanOrEqual(1);
});
