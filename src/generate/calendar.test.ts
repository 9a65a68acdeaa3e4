import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addMonths, formatDay, fromDay, parseDay, toDay, weekday } from './calendar.ts';

const days = fc.integer({ min: parseDay('0001-01-01')!, max: parseDay('9999-12-31')! });

test('agrees with the calendar of JavaScript, in UTC', () => {
  fc.assert(
    fc.property(days, (day) => {
      const date = new Date(day * 86_400_000);
      expect(formatDay(day)).toBe(date.toISOString().slice(0, 10));
      expect(parseDay(formatDay(day))).toBe(day);
      expect(weekday(day)).toBe(date.getUTCDay() === 0 ? 7 : date.getUTCDay());
      const { year, month, dayOfMonth } = fromDay(day);
      expect(toDay(year, month, dayOfMonth)).toBe(day);
    }),
  );
});

test.each(['2024-02-30', '2023-02-29', '2024-13-01', '2024-1-1', '24-01-01', '2024-01-01T00:00', ''])("'%s' is no day", (text) =>
  expect(parseDay(text)).toBeUndefined(),
);

test.each([
  ['2024-01-31', 1, '2024-02-29'],
  ['2024-02-29', 12, '2025-02-28'],
  ['2024-03-31', -1, '2024-02-29'],
  ['2024-12-31', -36, '2021-12-31'],
  ['2024-01-15', -1, '2023-12-15'],
])('%s and %i months is %s', (from, months, to) => expect(formatDay(addMonths(parseDay(from)!, months))).toBe(to));
