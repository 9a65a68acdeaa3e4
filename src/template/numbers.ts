// Python's two kinds of numbers in JavaScript: an int is a safe integer or a bigint beyond, a float is a number with a
// fraction (or inf, nan) or a `Float`. Every number that is made goes through `int` or `float`, so the kinds never mix.
import { Float } from '../project/float.ts';

export { Float };

export type Int = number | bigint;

/** The float `x`. */
export const float = (x: number): number | Float => (Number.isInteger(x) ? new Float(x) : x);

/** The int `x`, as a number where that is exact. */
export function int(x: number | bigint): Int {
  if (typeof x === 'number') return Number.isSafeInteger(x) ? x : BigInt(x);
  return x >= -9007199254740991n && x <= 9007199254740991n ? Number(x) : x;
}

/** Is it an int? Booleans are not counted in. */
export const isInt = (value: unknown): value is Int => typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));

/** Is it a float? */
export const isFloat = (value: unknown): value is number | Float => value instanceof Float || (typeof value === 'number' && !Number.isInteger(value));

/** The number in JavaScript's own terms, bool included; undefined for what is no number. */
export function numeric(value: unknown): Int | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Float) return value.value;
  return typeof value === 'boolean' ? Number(value) : undefined;
}
