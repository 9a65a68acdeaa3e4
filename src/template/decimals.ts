// Decimals of a warehouse in arithmetic, as Python's `Decimal` has it: exact with each other and with ints, where doubles would say that
// 0.10 + 0.20 is 0.30000000000000004, up to the 28 digits that a result has there. With a float the result is one.
import type { Operator } from './operators.ts';
import { Float, isInt } from './numbers.ts';
import { raise } from './values.ts';

/** `units` tenth parts, hundredth parts, … by `scale`. */
interface Exact {
  readonly units: bigint;
  readonly scale: number;
}

const DIGITS = 28;
const LONGEST = 300;

/** `a <operator> b` where one is a decimal and the other too, or an int; undefined otherwise. */
export function decimals(operator: Operator, a: unknown, b: unknown): Float | undefined {
  if (!isDecimal(a) && !isDecimal(b)) return undefined;
  const [x, y] = [exact(a), exact(b)];
  if (x === undefined || y === undefined || operator === '**') return undefined;
  // What is too large to be written out is a float.
  if (operator === '*' && length(x.units) + length(y.units) > LONGEST) return undefined;
  if (operator === '*') return decimal(cut({ units: x.units * y.units, scale: x.scale + y.scale }));
  const scale = Math.max(x.scale, y.scale);
  const [m, n] = [unitsAt(x, scale), unitsAt(y, scale)];
  if (operator === '+') return decimal(cut({ units: m + n, scale }));
  if (operator === '-') return decimal(cut({ units: m - n, scale }));
  if (n === 0n) return raise('Division by zero.');
  // Towards zero, other than with ints.
  if (operator === '//') return decimal({ units: m / n, scale: 0 });
  if (operator === '%') return decimal({ units: m % n, scale });
  return quotient(m, n, Math.max(0, x.scale - y.scale));
}

/** `-value`. */
export function negated(value: Float): Float | undefined {
  const x = isDecimal(value) ? exact(value) : undefined;
  return x === undefined ? undefined : decimal({ units: -x.units, scale: x.scale });
}

/** `round(value, digits)`, half to even. */
export function rounded(value: Float, digits: number): Float | undefined {
  const x = isDecimal(value) ? exact(value) : undefined;
  if (x === undefined) return undefined;
  // More digits than there can be change nothing, and take no room.
  const scale = Math.min(digits, Math.max(x.scale, DIGITS));
  if (scale >= x.scale) return decimal({ units: unitsAt(x, scale), scale });
  if (-digits > length(x.units)) return decimal({ units: 0n, scale: 0 });
  const units = divided(x.units, 10n ** BigInt(x.scale - digits));
  return digits >= 0 ? decimal({ units, scale: digits }) : decimal({ units: units * 10n ** BigInt(-digits), scale: 0 });
}

function isDecimal(value: unknown): value is Float {
  return value instanceof Float && value.digits !== undefined;
}

function exact(value: unknown): Exact | undefined {
  if (isInt(value)) return { units: BigInt(value), scale: 0 };
  const [, whole, part = ''] = isDecimal(value) ? (/^(-?\d+)(?:\.(\d+))?$/.exec(value.digits!) ?? []) : [];
  return whole === undefined ? undefined : { units: BigInt(whole + part), scale: part.length };
}

/** No more than 28 digits, those after the point alone. */
function cut({ units, scale }: Exact): Exact {
  const over = Math.min(scale, length(units) - DIGITS);
  return over <= 0 ? { units, scale } : { units: divided(units, 10n ** BigInt(over)), scale: scale - over };
}

function unitsAt({ units, scale }: Exact, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}

function decimal({ units, scale }: Exact): Float {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const text = `${units < 0n ? '-' : ''}${scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`}`;
  return new Float(Number(text), text);
}

/** `m / n` with 28 digits, and of the zeros at its end no more than `least` decimals. */
function quotient(m: bigint, n: bigint, least: number): Float {
  const magnitude = length(m) - length(n);
  const scale = Math.max(0, DIGITS - magnitude);
  let units = divided(m * 10n ** BigInt(scale), n);
  // One digit more where the first of the quotient is not that of the lengths.
  let left = scale;
  if (length(units) > DIGITS && left > 0) {
    units = divided(m * 10n ** BigInt(--left), n);
  }
  while (left > least && units % 10n === 0n) {
    units /= 10n;
    left--;
  }
  return decimal({ units, scale: left });
}

/** The nearest integer to `m / n`, the even one of two. */
function divided(m: bigint, n: bigint): bigint {
  const negative = m < 0n !== n < 0n;
  const [a, b] = [m < 0n ? -m : m, n < 0n ? -n : n];
  const twice = (a % b) * 2n;
  const down = a / b;
  const near = twice > b || (twice === b && down % 2n === 1n) ? down + 1n : down;
  return negative ? -near : near;
}

function length(x: bigint): number {
  return (x < 0n ? -x : x).toString().length;
}
