// Filters on numbers, and conversions between kinds of values.
import { builtin, type Builtins } from './arguments.ts';
import { article, capital, truth, used } from './compare.ts';
import { negated, rounded } from './decimals.ts';
import { fixed } from './format-spec.ts';
import { float, Float, int, isInt, numeric } from './numbers.ts';
import { parseFloat, parseInt } from './operators.ts';
import { str } from './print.ts';
import { HostObject, orElse, raise, type Value } from './values.ts';

function toInt(value: Value, otherwise: Value, base: number): Value {
  if (typeof value === 'string') {
    const whole = parseInt(value, base);
    if (whole !== undefined) return whole;
    const real = parseFloat(value);
    return real !== undefined && Number.isFinite(real) ? int(Math.trunc(real)) : otherwise;
  }
  const number = numeric(used(value));
  if (number === undefined || !Number.isFinite(Number(number))) return otherwise;
  return typeof number === 'bigint' ? number : int(Math.trunc(number));
}

function toFloat(value: Value, otherwise: Value): Value {
  const number = typeof value === 'string' ? parseFloat(value) : numeric(used(value));
  return number === undefined ? otherwise : float(Number(number));
}

/** `round(value, digits)`: half to even on the exact value, as Python's `round`. */
function roundTo(x: number, digits: number): number {
  if (!Number.isFinite(x)) return x;
  if (digits >= 0) return digits > 300 ? x : Number(fixed(x, digits));
  const scale = 10 ** -digits;
  return Number(fixed(x / scale, 0)) * scale;
}

function round(value: Value, precision: number, method: string): Value {
  const number = numeric(value);
  if (number === undefined) return raise(`round() needs a number, not ${article(value)}.`);
  if (method === 'common') {
    if (isInt(number) && !(value instanceof Float)) return precision >= 0 ? number : int(BigInt(roundTo(Number(number), precision)));
    return (value instanceof Float ? rounded(value, precision) : undefined) ?? float(roundTo(Number(number), precision));
  }
  if (method !== 'ceil' && method !== 'floor') return raise("round() knows the methods 'common', 'ceil' and 'floor'.");
  const scale = 10 ** precision;
  return float(Math[method](Number(number) * scale) / scale);
}

const SIZES = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];

function fileSize(value: Value, binary: boolean): string {
  const bytes = Number(numeric(toFloat(value, 0)));
  const base = binary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  let unit = base;
  for (const [i, size] of SIZES.entries()) {
    unit = base ** (i + 2);
    const name = binary ? `${size.charAt(0).toUpperCase()}iB` : size;
    if (bytes < unit || i === SIZES.length - 1) return `${fixed((base * bytes) / unit, 1)} ${name}`;
  }
  return '';
}

const same = builtin('value', ([value]) => value!);

export const NUMBER_FILTERS: Builtins = {
  abs: builtin('value', ([value]) => {
    const number = numeric(value);
    const host = value instanceof HostObject ? value.operate?.('abs', null, false) : undefined;
    if (host !== undefined) return host;
    if (number === undefined) return raise(`${capital(article(value!))} has no absolute value.`);
    const positive = number < 0 ? -number : number;
    if (value instanceof Float && value.value === positive) return value;
    return value instanceof Float ? (negated(value) ?? float(Number(positive))) : isInt(positive) ? int(positive) : positive;
  }),
  int: builtin('value default? base?', ([value, otherwise, base]) =>
    toInt(
      value!,
      orElse(otherwise, () => 0),
      Number(numeric(base) ?? 10),
    ),
  ),
  float: builtin('value default?', ([value, otherwise]) =>
    toFloat(
      value!,
      orElse(otherwise, () => new Float(0)),
    ),
  ),
  round: builtin('value precision? method?', ([value, precision, method]) => round(used(value!), Number(numeric(precision) ?? 0), str(method ?? 'common'))),
  filesizeformat: builtin('value binary?', ([value, binary]) => fileSize(value!, truth(binary ?? false))),
  // What these four convert to only matters for a value that is not printed: see native.ts.
  as_text: same,
  as_bool: same,
  as_native: same,
  as_number: same,
};
