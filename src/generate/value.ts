// What a cell holds while a row is made, and how it is written. In: values. Out: text for a CSV file or for a string.
import { formatDay, type CalendarDay } from './calendar.ts';
import { formatDecimal, type Decimal } from './decimal.ts';

/** A cell: text, an exact number, a day, true or false, or nothing. */
export type Value = string | boolean | null | Decimal | CalendarDay;

/** What kind of value it is, in the words of a message. */
export function kindOf(value: Value): 'text' | 'boolean' | 'null' | 'number' | 'date' {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'text';
  return typeof value === 'boolean' ? 'boolean' : value.kind;
}

/** The value as text; nothing is the empty text. */
export function textOf(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  return value.kind === 'number' ? formatDecimal(value) : formatDay(value.day);
}

/** The day `day` as a value. */
export function dateValue(day: number): CalendarDay {
  return { kind: 'date', day };
}

/** A row could not be made: a date plus a date, a name that is no number. The caller knows the place. */
export class EvaluationError extends Error {}
