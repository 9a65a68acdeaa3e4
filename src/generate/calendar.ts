// Dates as whole days since 1970-01-01, in the proleptic Gregorian calendar. In: ISO dates. Out: day numbers, and back.
// No Date object, so no clock and no time zone. Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".

/** A day of the calendar; `day` counts from 1970-01-01. */
export interface CalendarDay {
  readonly kind: 'date';
  readonly day: number;
}

/** A year, a month (1 to 12) and a day of the month (1 to 31). */
export interface YearMonthDay {
  readonly year: number;
  readonly month: number;
  readonly dayOfMonth: number;
}

/** The day number of `2024-02-29`, or undefined where the text is no date that exists (years 1 to 9999). */
export function parseDay(text: string): number | undefined {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (m === null) return undefined;
  const [year, month, dayOfMonth] = [Number(m[1]), Number(m[2]), Number(m[3])];
  if (year < 1 || month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > daysInMonth(year, month)) return undefined;
  return toDay(year, month, dayOfMonth);
}

/** The ISO text of a day number. */
export function formatDay(day: number): string {
  const { year, month, dayOfMonth } = fromDay(day);
  return `${String(year).padStart(4, '0')}-${month < 10 ? '0' : ''}${month}-${dayOfMonth < 10 ? '0' : ''}${dayOfMonth}`;
}

/** The day number of a year, month and day of the month. */
export function toDay(year: number, month: number, dayOfMonth: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + dayOfMonth - 1;
  return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

/** The year, month and day of the month of a day number. */
export function fromDay(day: number): YearMonthDay {
  const z = day + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const m = Math.floor((5 * dayOfYear + 2) / 153);
  const month = m < 10 ? m + 3 : m - 9;
  const dayOfMonth = dayOfYear - Math.floor((153 * m + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfMonth };
}

/** The same day of the month `months` later (or earlier); the month's last day where it has no such day. */
export function addMonths(day: number, months: number): number {
  const { year, month, dayOfMonth } = fromDay(day);
  const count = year * 12 + month - 1 + months;
  const [y, m] = [Math.floor(count / 12), (((count % 12) + 12) % 12) + 1];
  return toDay(y, m, Math.min(dayOfMonth, daysInMonth(y, m)));
}

/** The day of the week, Monday 1 to Sunday 7 (ISO 8601). */
export function weekday(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** How many days a month (1 to 12) has. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
