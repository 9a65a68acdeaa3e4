// Arithmetic on values, as Python does it: ints without limit, floats apart, `+` and `*` of text and lists, sets.
// What would take more room or time than a template may have is refused before it is made.
import { article, capital, used } from './compare.ts';
import { decimals, negated } from './decimals.ts';
import { Float, float, int, isFloat, isInt, numeric, type Int } from './numbers.ts';
import { formatPercent } from './format-percent.ts';
import { charge, checkSize } from './limits.ts';
import { HostObject, PySet, raise, Tuple, type Run, type Value } from './values.ts';

export type Operator = '+' | '-' | '*' | '/' | '//' | '%' | '**';

const MAX_BITS = 100_000;

/** `a <operator> b`. Throws a TemplateError where Python has no such operation. */
export function operate(operator: Operator, a: Value, b: Value, run: Run): Value {
  if (typeof a === 'number' && typeof b === 'number' && Number.isInteger(a) && Number.isInteger(b)) {
    const quick = operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : Number.NaN;
    if (Number.isSafeInteger(quick)) return quick === 0 ? 0 : quick;
  }
  const x = typeof a === 'boolean' ? Number(a) : a;
  const y = typeof b === 'boolean' ? Number(b) : b;
  if (isInt(x) && isInt(y)) return integers(operator, x, y);
  if ((isInt(x) || isFloat(x)) && (isInt(y) || isFloat(y))) return decimals(operator, x, y) ?? floats(operator, Number(numeric(x)), Number(numeric(y)));
  if (operator === '%' && typeof a === 'string') return formatPercent(a, b, run);
  const other = collections(operator, x, y, run);
  if (other !== undefined) return other;
  if (a instanceof HostObject) {
    const result = a.operate?.(operator, b, false);
    if (result !== undefined) return result;
  }
  if (b instanceof HostObject) {
    const result = b.operate?.(operator, a, true);
    if (result !== undefined) return result;
  }
  used(a);
  used(b);
  const help = operator === '+' && (typeof a === 'string' || typeof b === 'string') ? "Use '~' to join values of any kind as text." : undefined;
  return raise(`'${operator}' is not possible between ${article(a)} and ${article(b)}.`, 'type', help);
}

function collections(operator: Operator, a: Value, b: Value, run: Run): Value | undefined {
  if (operator === '+') {
    if (typeof a === 'string' && typeof b === 'string') {
      checkSize(a.length + b.length, run);
      return a + b;
    }
    if (Array.isArray(a) && Array.isArray(b)) {
      return joined(a, b, run);
    }
    if (a instanceof Tuple && b instanceof Tuple) return new Tuple(joined(a.items, b.items, run));
  } else if (operator === '*') {
    if (isInt(b)) return repeat(a, b, run);
    if (isInt(a)) return repeat(b, a, run);
  } else if (operator === '-' && a instanceof PySet && b instanceof PySet) {
    return new PySet([...a.values()].filter((item) => !b.has(item)));
  }
  return undefined;
}

function joined(a: readonly Value[], b: readonly Value[], run: Run): Value[] {
  checkSize((a.length + b.length) * 16, run);
  charge(run, a.length + b.length);
  return [...a, ...b];
}

function repeat(value: Value, times: Int, run: Run): Value | undefined {
  const count = Math.max(0, Number(times));
  if (typeof value === 'string') {
    checkSize(value.length * count, run);
    return value.repeat(count);
  }
  if (!Array.isArray(value) && !(value instanceof Tuple)) return undefined;
  const items = Array.isArray(value) ? value : value.items;
  const size = items.length * count;
  if (size > 1_000_000) checkSize(size * 16, run);
  const out = Array.from({ length: size }, (_, i) => items[i % items.length]!);
  return Array.isArray(value) ? out : new Tuple(out);
}

function integers(operator: Operator, x: Int, y: Int): Value {
  switch (operator) {
    case '+':
      return int(BigInt(x) + BigInt(y));
    case '-':
      return int(BigInt(x) - BigInt(y));
    case '*':
      return int(BigInt(x) * BigInt(y));
    case '/':
      if (Number(y) === 0) raise('Division by zero.');
      return float(Number(x) / Number(y));
    case '//':
    case '%': {
      if (Number(y) === 0) raise('Division by zero.');
      const [a, b] = [BigInt(x), BigInt(y)];
      const rest = a % b;
      const uneven = rest !== 0n && rest < 0n !== b < 0n;
      return int(operator === '%' ? (uneven ? rest + b : rest) : uneven ? a / b - 1n : a / b);
    }
    case '**':
      return power(x, y);
  }
}

function power(x: Int, y: Int): Value {
  if (y < 0) {
    if (Number(x) === 0) raise('Zero cannot be raised to a negative power.');
    return float(Number(x) ** Number(y));
  }
  const base = BigInt(x);
  if (base !== 0n && base !== 1n && base !== -1n && base.toString(2).length * Number(y) > MAX_BITS) raise('The result of this power is too large.', 'limit');
  return int(base === -1n ? (BigInt(y) % 2n === 0n ? 1n : -1n) : base === 0n || base === 1n ? (BigInt(y) === 0n ? 1n : base) : base ** BigInt(y));
}

function floats(operator: Operator, x: number, y: number): Value {
  switch (operator) {
    case '+':
      return float(x + y);
    case '-':
      return float(x - y);
    case '*':
      return float(x * y);
    case '/':
      if (y === 0) raise('Division by zero.');
      return float(x / y);
    case '//':
    case '%': {
      if (y === 0) raise('Division by zero.');
      let rest = x % y;
      if (rest !== 0 && rest < 0 !== y < 0) rest += y;
      else if (rest === 0) rest = y < 0 ? -0 : 0;
      if (operator === '%') return float(rest);
      const quotient = (x - rest) / y;
      return float(quotient === 0 ? (x / y < 0 || Object.is(x / y, -0) ? -0 : 0) : Math.round(quotient));
    }
    case '**':
      if (x === 0 && y < 0) raise('Zero cannot be raised to a negative power.');
      if (x < 0 && !Number.isInteger(y)) raise('A negative number has no power with a fraction.');
      return float(x ** y);
  }
}

/** `-value`. */
export function negate(value: Value): Value {
  if (typeof value === 'boolean') return value ? -1 : 0;
  if (typeof value === 'bigint') return int(-value);
  if (value instanceof Float) return negated(value) ?? float(-value.value);
  if (typeof value === 'number') return value === 0 ? 0 : -value;
  const result = value instanceof HostObject ? value.operate?.('neg', null, false) : undefined;
  if (result !== undefined) return result;
  used(value);
  return raise(`${capital(article(value))} cannot be negated.`);
}

/** `+value`. */
export function plus(value: Value): Value {
  if (typeof value === 'boolean') return Number(value);
  if (isInt(value) || isFloat(value)) return value;
  used(value);
  return raise(`'+' is not possible before ${article(value)}.`);
}

const ZEROS = [...'٠۰०০੦૦୦௦౦೦൦๐໐༠၀០᠐０'].map((c) => c.codePointAt(0)!);

/** `int(text)` in a base: undefined where it is no int. Base 0 reads the prefix. */
export function parseInt(text: string, base = 10): Int | undefined {
  const plain = asciiDigits(text).trim().toLowerCase();
  const found = /^([+-]?)(0[xob])?_?([\da-z]+(?:_[\da-z]+)*)$/.exec(plain);
  if (found === null) return undefined;
  const [, sign, prefix = '', body = ''] = found;
  const named = { '0x': 16, '0o': 8, '0b': 2, '': undefined }[prefix];
  let digits = body.replaceAll('_', '');
  if (named !== undefined && base !== 0 && base !== named) digits = prefix + digits;
  const radix = base === 0 ? (named ?? 10) : base;
  if (digits.length > 4300) return undefined;
  let out = 0n;
  for (const c of digits) {
    const digit = Number.parseInt(c, 36);
    if (!(digit < radix)) return undefined;
    out = out * BigInt(radix) + BigInt(digit);
  }
  return int(sign === '-' ? -out : out);
}

/** `float(text)`: undefined where it is no float. */
export function parseFloat(text: string): number | undefined {
  const plain = asciiDigits(text).trim().toLowerCase();
  if (/^[+-]?(?:inf|infinity)$/.test(plain)) return plain.startsWith('-') ? -Infinity : Infinity;
  if (/^[+-]?nan$/.test(plain)) return Number.NaN;
  const digits = '\\d+(?:_\\d+)*';
  const form = new RegExp(`^[+-]?(?:${digits}\\.?(?:${digits})?|\\.${digits})(?:e[+-]?${digits})?$`);
  return form.test(plain) ? Number(plain.replaceAll('_', '')) : undefined;
}

function asciiDigits(text: string): string {
  return text.replace(/[^\0-\x7f]/g, (c) => {
    const zero = ZEROS.find((z) => c.codePointAt(0)! >= z && c.codePointAt(0)! < z + 10);
    return zero === undefined ? c : String(c.codePointAt(0)! - zero);
  });
}

/** The sum of the items, from `start`. */
export function sum(items: Iterable<Value>, start: Value, run: Run): Value {
  let total = start;
  for (const item of items) total = operate('+', total, item, run);
  return total;
}
