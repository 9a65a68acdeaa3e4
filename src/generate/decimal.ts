// Exact decimals: units × 10^-scale. In: decimals and their text. Out: decimals, exact to the last digit; nothing is
// rounded but by `round` and `divide`. Units are a number while they are safe integers (fast) and a bigint beyond.

/** An exact decimal number: `units / 10 ** scale`. `scale` is at least 0 and is kept in print: 1.50 stays "1.50". */
export interface Decimal {
  readonly kind: 'number';
  readonly units: number | bigint;
  readonly scale: number;
}

/** A decimal of whole units; units outside the safe integers become a bigint. */
export function decimal(units: number | bigint, scale = 0): Decimal {
  return { kind: 'number', units: typeof units === 'number' ? units : narrow(units), scale };
}

/** The decimal a text means (`-12`, `0.080`, `1e-7`), or undefined where it is no number. */
export function parseDecimal(text: string): Decimal | undefined {
  const m = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text.trim());
  if (m === null) return undefined;
  const fraction = m[3] ?? '';
  const units = BigInt(`${m[1] === '-' ? '-' : ''}${m[2]}${fraction}`);
  const scale = fraction.length - Number(m[4] ?? 0);
  return scale >= 0 ? decimal(units, scale) : decimal(units * 10n ** BigInt(-scale), 0);
}

/** The text of a decimal with exactly `scale` digits after the point. */
export function formatDecimal(d: Decimal): string {
  if (d.scale === 0) return d.units.toString();
  const negative = d.units < 0;
  if (d.scale === 2 && !negative && typeof d.units === 'number') {
    const cents = d.units % 100; // money, the usual case
    return `${(d.units - cents) / 100}.${cents < 10 ? '0' : ''}${cents}`;
  }
  const digits = (negative ? -d.units : d.units).toString().padStart(d.scale + 1, '0');
  const cut = digits.length - d.scale;
  return `${negative ? '-' : ''}${digits.slice(0, cut)}.${digits.slice(cut)}`;
}

/** a + b, at the larger scale. */
export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return decimal(addUnits(rescale(a, scale), rescale(b, scale)), scale);
}

/** a − b, at the larger scale. */
export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, negate(b));
}

/** −a. */
export function negate(a: Decimal): Decimal {
  return decimal(a.units === 0 ? 0 : -a.units, a.scale);
}

/** a × b, exact: the scales add up. */
export function multiply(a: Decimal, b: Decimal): Decimal {
  return decimal(multiplyUnits(a.units, b.units), a.scale + b.scale);
}

const QUOTIENT_DIGITS = 20;

/**
 * a ÷ b: exact where it ends within 20 digits, else cut there with a last digit that can't be mistaken for a half, so
 * that rounding the quotient to 18 digits or fewer equals rounding the true one. Undefined where b is 0.
 */
export function divide(a: Decimal, b: Decimal): Decimal | undefined {
  if (Number(b.units) === 0) return undefined;
  const power = b.scale === 0 && typeof b.units === 'number' ? POWERS.indexOf(b.units) : -1;
  if (power >= 0) return decimal(a.units, a.scale + power); // ÷ 100 moves the point
  const shift = QUOTIENT_DIGITS + b.scale;
  const numerator = BigInt(a.units) * 10n ** BigInt(shift);
  const divisor = BigInt(b.units);
  let units = numerator / divisor;
  if (numerator % divisor !== 0n) {
    const last = units % 10n;
    if (last === 0n || last === 5n || last === -5n) units += numerator < 0n === divisor < 0n ? 1n : -1n;
    return decimal(units, a.scale + QUOTIENT_DIGITS);
  }
  let scale = a.scale + QUOTIENT_DIGITS;
  while (scale > a.scale && units % 10n === 0n) [units, scale] = [units / 10n, scale - 1];
  return decimal(units, scale);
}

/** `d` with `scale` digits after the point; a half goes away from zero (2.5 → 3, −2.5 → −3), as in SQL's ROUND. */
export function round(d: Decimal, scale: number): Decimal {
  if (scale >= d.scale) return decimal(rescale(d, scale), scale);
  const drop = d.scale - scale;
  if (typeof d.units === 'number' && drop < POWERS.length) {
    const power = POWERS[drop]!;
    const rest = d.units % power;
    const whole = (d.units - rest) / power;
    return decimal(2 * Math.abs(rest) >= power ? whole + Math.sign(d.units) : whole, scale);
  }
  const power = 10n ** BigInt(drop);
  const units = BigInt(d.units);
  const rest = units % power;
  const up = (rest < 0n ? -rest : rest) * 2n >= power;
  return decimal(units / power + (up ? (units < 0n ? -1n : 1n) : 0n), scale);
}

/** The largest whole number not above `d`. */
export function floor(d: Decimal): Decimal {
  const power = 10n ** BigInt(d.scale);
  const units = BigInt(d.units);
  const whole = units / power;
  return decimal(units < 0n && units % power !== 0n ? whole - 1n : whole);
}

/** Below, at or above zero as a is below, at or above b. */
export function compare(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const [x, y] = [rescale(a, scale), rescale(b, scale)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** `d` as a whole number that JavaScript holds exactly, or undefined where it is none. */
export function toInteger(d: Decimal): number | undefined {
  if (d.scale === 0) return typeof d.units === 'number' ? d.units : undefined;
  const whole = floor(d);
  return compare(whole, d) === 0 && typeof whole.units === 'number' ? whole.units : undefined;
}

const POWERS: readonly number[] = Array.from({ length: 16 }, (_, i) => 10 ** i);

/** The units of `d` at `scale`, which must not be below its own. */
function rescale(d: Decimal, scale: number): number | bigint {
  if (scale === d.scale) return d.units;
  const shift = scale - d.scale;
  return multiplyUnits(d.units, POWERS[shift] ?? 10n ** BigInt(shift));
}

function addUnits(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a + b)) return a + b;
  return BigInt(a) + BigInt(b);
}

function multiplyUnits(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product === 0 ? 0 : product;
  }
  return BigInt(a) * BigInt(b);
}

function narrow(units: bigint): number | bigint {
  const small = Number(units);
  return Number.isSafeInteger(small) ? small : units;
}
