// Python's format specification, `[[fill]align][sign][#][0][width][,_][.precision][type]`, for str.format and format().
import { article, codePoints } from './compare.ts';
import { Float, isInt, numeric } from './numbers.ts';
import { checkSize } from './limits.ts';
import { floatText, str } from './print.ts';
import { HostObject, raise, type Run, type Value } from './values.ts';

const SPEC = /^(?:([^])?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/u;

/** `format(value, spec)`. */
export function formatValue(value: Value, spec: string, run: Run): string {
  if (value instanceof HostObject) {
    const formatted = spec === '' ? undefined : value.operate?.('format', spec, false);
    if (typeof formatted === 'string') return formatted;
  }
  if (spec === '') return str(value);
  const found = SPEC.exec(spec);
  if (found === null) return raise(`'${spec}' is not a format.`);
  const [, fill, align, sign = '-', alternate, zero, width, group, precision, type] = found;
  const size = Number(width ?? 0);
  const digits = precision === undefined ? undefined : Number(precision);
  checkSize(size + (digits ?? 0), run);
  const number = numeric(value);
  if (number === undefined || (typeof value === 'boolean' && type === undefined && spec === '')) {
    if (typeof value !== 'string' && value !== null && !(value instanceof HostObject)) raise(`A format cannot be applied to ${article(value)}.`);
    if (value === null) raise('A format cannot be applied to None.');
    if (type !== undefined && type !== 's') raise(`The format code '${type}' is not for ${article(value)}.`);
    const text = digits === undefined ? str(value) : Array.from(str(value)).slice(0, digits).join('');
    return pad(text, size, fill ?? (zero === undefined ? ' ' : '0'), align ?? '<');
  }
  const whole = isInt(value) || typeof value === 'boolean';
  if (digits !== undefined && digits > 1000) raise('A precision above 1000 is not supported.', 'limit');
  let body =
    whole && (type === undefined || 'bcdoxXn'.includes(type))
      ? intBody(BigInt(number), type, alternate)
      : floatBody(Number(number), type, digits, whole, value);
  const negative = body.startsWith('-');
  if (negative) body = body.slice(1);
  const lead = negative ? '-' : sign === '-' ? '' : sign;
  if (group !== undefined) body = grouped(body, group, type);
  if (zero !== undefined && align === undefined) return lead + pad(body, size - lead.length, '0', '>');
  if (align === '=') return lead + pad(body, size - lead.length, fill ?? (zero === undefined ? ' ' : '0'), '>');
  return pad(lead + body, size, fill ?? (zero === undefined ? ' ' : '0'), align ?? '>');
}

/** `text` in a field of `width`. */
export function pad(text: string, width: number, fill: string, align: string): string {
  const missing = width - codePoints(text);
  if (missing <= 0) return text;
  if (align === '<') return text + fill.repeat(missing);
  if (align === '^') return fill.repeat(Math.floor(missing / 2)) + text + fill.repeat(Math.ceil(missing / 2));
  return fill.repeat(missing) + text;
}

function intBody(value: bigint, type: string | undefined, alternate: string | undefined): string {
  if (type === 'c') return value >= 0n && value <= 0x10ffffn ? String.fromCodePoint(Number(value)) : raise(`${value} is not the code of a character.`);
  const radix = { b: 2, o: 8, x: 16, X: 16 }[type ?? ''] ?? 10;
  const text = (value < 0n ? -value : value).toString(radix);
  const prefix = alternate === undefined || radix === 10 ? '' : `0${type}`;
  return (value < 0n ? '-' : '') + prefix + (type === 'X' ? text.toUpperCase() : text);
}

function floatBody(x: number, type: string | undefined, digits: number | undefined, whole: boolean, value: Value): string {
  if (!Number.isFinite(x)) return (type !== undefined && 'EFG'.includes(type) ? floatText(x).toUpperCase() : floatText(x)) + (type === '%' ? '%' : '');
  switch (type) {
    case 'f':
    case 'F':
      return fixed(x, digits ?? 6);
    case '%':
      return `${fixed(x * 100, digits ?? 6)}%`;
    case 'e':
    case 'E': {
      const text = exponential(x, digits ?? 6);
      return type === 'E' ? text.toUpperCase() : text;
    }
    case 'g':
    case 'G':
    case 'n': {
      const text = general(x, digits ?? 6);
      return type === 'G' ? text.toUpperCase() : text;
    }
    case undefined:
      if (digits === undefined || whole) return floatText(x);
      return withPoint(general(x, digits), value);
    default:
      return raise(`The format code '${type}' is not for ${article(value)}.`);
  }
}

const withPoint = (text: string, value: Value): string => (value instanceof Float && /^-?\d+$/.test(text) ? `${text}.0` : text);

/** `x` with so many decimals, rounded half to even on its exact value, as C's printf does. */
export function fixed(x: number, digits: number): string {
  const negative = x < 0 || Object.is(x, -0);
  const text = exactFixed(Math.abs(x), digits);
  return negative ? `-${text}` : text;
}

function exactFixed(x: number, digits: number): string {
  // Every double is m × 2^e: exact integers all the way.
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, x);
  const raw = bits.getBigUint64(0);
  const power = Number(raw >> 52n) & 0x7ff;
  const mantissa = (raw & 0xfffffffffffffn) | (power === 0 ? 0n : 0x10000000000000n);
  const exponent = (power === 0 ? 1 : power) - 1075;
  let scaled = mantissa * 10n ** BigInt(digits);
  if (exponent >= 0) scaled <<= BigInt(exponent);
  else {
    const shift = BigInt(-exponent);
    const rest = scaled & ((1n << shift) - 1n);
    const half = 1n << (shift - 1n);
    scaled >>= shift;
    if (rest > half || (rest === half && (scaled & 1n) === 1n)) scaled += 1n;
  }
  const text = scaled.toString().padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** `x` as `d.ddde±dd`. */
export function exponential(x: number, digits: number): string {
  const text = x.toExponential(Math.min(digits, 100));
  const [mantissa, power] = text.split('e') as [string, string];
  return `${mantissa}e${power[0]}${power.slice(1).padStart(2, '0')}`;
}

/** `x` as printf's `%g`. */
export function general(x: number, precision: number): string {
  const digits = Math.max(1, Math.min(precision, 100));
  if (x === 0) return Object.is(x, -0) ? '-0' : '0';
  const exponent = Number(x.toExponential(digits - 1).split('e')[1]);
  const strip = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  if (exponent >= -4 && exponent < digits) return strip(fixed(x, Math.max(0, digits - 1 - exponent)));
  const [mantissa, power] = exponential(x, digits - 1).split('e') as [string, string];
  return `${strip(mantissa)}e${power}`;
}

function grouped(body: string, mark: string, type: string | undefined): string {
  const size = type !== undefined && 'boxX'.includes(type) ? 4 : 3;
  const found = /^([\da-fA-F]+)([^]*)$/.exec(body);
  if (found === null) return body;
  const [, whole = '', rest = ''] = found;
  return whole.replace(new RegExp(`\\B(?=(?:[\\da-fA-F]{${size}})+$)`, 'g'), mark) + rest;
}
