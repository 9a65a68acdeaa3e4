// The functions an expression may call. In: values. Out: a value, or an EvaluationError that says what was wanted.
import { addMonths, fromDay, weekday } from './calendar.ts';
import { compare, decimal, floor, formatDecimal, negate, round, toInteger, type Decimal } from './decimal.ts';
import { dateValue, EvaluationError, kindOf, textOf, type Value } from './value.ts';

/** A function: how many arguments it takes, and what it makes of them. `null` arguments make `null`, but where `nulls` is set. */
export interface ExpressionFunction {
  readonly least: number;
  readonly most: number;
  readonly nulls?: true;
  readonly call: (args: readonly Value[]) => Value;
}

/** All functions by name. `if` is not here: it evaluates one branch only, so the compiler knows it. */
export const FUNCTIONS: ReadonlyMap<string, ExpressionFunction> = new Map<string, ExpressionFunction>([
  // numbers
  ['round', { least: 1, most: 2, call: ([x, n]) => round(number(x), n === undefined ? 0 : count(n, 18)) }],
  ['floor', { least: 1, most: 1, call: ([x]) => floor(number(x)) }],
  ['ceil', { least: 1, most: 1, call: ([x]) => negate(floor(negate(number(x)))) }],
  ['abs', { least: 1, most: 1, call: ([x]) => (number(x).units < 0 ? negate(number(x)) : number(x)) }],
  ['mod', { least: 2, most: 2, call: ([x, y]) => modulo(integer(x), integer(y)) }],
  ['least', { least: 1, most: Infinity, call: (args) => args.reduce((a, b) => (compareValues(b, a) < 0 ? b : a)) }],
  ['greatest', { least: 1, most: Infinity, call: (args) => args.reduce((a, b) => (compareValues(b, a) > 0 ? b : a)) }],
  // dates
  ['add_months', { least: 2, most: 2, call: ([d, n]) => dateValue(addMonths(date(d), integer(n))) }],
  ['add_years', { least: 2, most: 2, call: ([d, n]) => dateValue(addMonths(date(d), integer(n) * 12)) }],
  ['year', { least: 1, most: 1, call: ([d]) => decimal(fromDay(date(d)).year) }],
  ['month', { least: 1, most: 1, call: ([d]) => decimal(fromDay(date(d)).month) }],
  ['day', { least: 1, most: 1, call: ([d]) => decimal(fromDay(date(d)).dayOfMonth) }],
  ['weekday', { least: 1, most: 1, call: ([d]) => decimal(weekday(date(d))) }],
  // text
  ['concat', { least: 1, most: Infinity, nulls: true, call: (args) => args.map(textOf).join('') }],
  ['lower', { least: 1, most: 1, call: ([s]) => text(s).toLowerCase() }],
  ['upper', { least: 1, most: 1, call: ([s]) => text(s).toUpperCase() }],
  [
    'title',
    {
      least: 1,
      most: 1,
      call: ([s]) => text(s).replace(/(^|[\s-])(\p{L})/gu, (_, before: string, c: string) => before + c.toUpperCase()),
    },
  ],
  ['trim', { least: 1, most: 1, call: ([s]) => text(s).trim() }],
  [
    'slug',
    {
      least: 1,
      most: 1,
      call: ([s]) =>
        text(s)
          .normalize('NFKD')
          .toLowerCase()
          .replace(/[^a-z0-9]/g, ''),
    },
  ],
  ['left', { least: 2, most: 2, call: ([s, n]) => Array.from(text(s)).slice(0, count(n, 1e6)).join('') }],
  ['replace', { least: 3, most: 3, call: ([s, a, b]) => text(s).replaceAll(text(a), text(b)) }],
  ['pad', { least: 2, most: 2, call: ([x, n]) => pad(number(x), count(n, 1000)) }],
  ['length', { least: 1, most: 1, call: ([s]) => decimal(Array.from(text(s)).length) }],
  // any
  ['coalesce', { least: 1, most: Infinity, nulls: true, call: (args) => args.find((a) => a !== null) ?? null }],
]);

/** Below, at or above zero as a is before, equal to or after b; both must be of one kind. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (isObject(a) && isObject(b)) {
    if (a.kind === 'date' && b.kind === 'date') return a.day - b.day;
    if (a.kind === 'number' && b.kind === 'number') return compare(a, b);
  }
  throw new EvaluationError(`A ${kindOf(a)} can't be compared with a ${kindOf(b)}.`);
}

/** The number that `value` must be. */
export function number(value: Value | undefined): Decimal {
  if (isObject(value) && value.kind === 'number') return value;
  throw wanted('number', value);
}

/** The whole number that `value` must be. */
export function integer(value: Value | undefined): number {
  const whole = toInteger(number(value));
  if (whole === undefined) throw new EvaluationError(`A whole number is wanted, not ${formatDecimal(number(value))}.`);
  return whole;
}

/** The day number that `value` must be. */
export function date(value: Value | undefined): number {
  if (isObject(value) && value.kind === 'date') return value.day;
  throw wanted('date', value);
}

/** Whether `value` is true; nothing is not. */
export function truth(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (value === null) return false;
  throw wanted('condition (true or false)', value);
}

function text(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  throw wanted('text', value);
}

function count(value: Value | undefined, most: number): number {
  const whole = integer(value);
  if (whole < 0 || whole > most) throw new EvaluationError(`A count from 0 to ${most} is wanted, not ${whole}.`);
  return whole;
}

function pad(value: Decimal, width: number): string {
  const digits = formatDecimal(value);
  return digits.startsWith('-') ? `-${digits.slice(1).padStart(width - 1, '0')}` : digits.padStart(width, '0');
}

function modulo(x: number, y: number): Decimal {
  if (y === 0) throw new EvaluationError('Division by zero.');
  return decimal(((x % y) + y) % y);
}

function wanted(kind: string, value: Value | undefined): EvaluationError {
  const shown = value === undefined || value === null ? 'null' : `the ${kindOf(value)} '${textOf(value)}'`;
  return new EvaluationError(`A ${kind} is wanted, not ${shown}.`);
}

function isObject(value: Value | undefined): value is Extract<Value, object> {
  return typeof value === 'object' && value !== null;
}
