// `'…' % values`: Python's printf-style formatting.
import { article } from './compare.ts';
import { exponential, fixed, general, pad } from './format-spec.ts';
import { int, isInt, numeric } from './numbers.ts';
import { checkSize } from './limits.ts';
import { floatText, repr, str } from './print.ts';
import { dictGet, HostObject, orElse, raise, Tuple, Undefined, type Run, type Value } from './values.ts';

const DIRECTIVE = /%(?:\(([^)]*)\))?([-#0 +]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([^])/gu;

/** `format % value`; a tuple gives several values, a dict named ones. */
export function formatPercent(format: string, value: Value, run: Run): string {
  const items = value instanceof Tuple ? value.items : [value];
  let next = 0;
  const take = (): Value => {
    if (next >= items.length) raise('There are fewer values than places for them in the format.');
    return items[next++]!;
  };
  let named = false;
  const out = format.replace(
    DIRECTIVE,
    (_, name: string | undefined, flags: string, width: string | undefined, precision: string | undefined, type: string) => {
      if (type === '%') return '%';
      const size = width === '*' ? Number(numeric(take())) : Number(width ?? 0);
      const digits = precision === undefined ? undefined : precision === '*' ? Number(numeric(take())) : Number(precision);
      checkSize(Math.abs(size) + (digits ?? 0), run);
      let item: Value;
      if (name === undefined) item = take();
      else {
        if (!(value instanceof Map)) return raise('The format has names, so it needs a dict.');
        named = true;
        item = orElse(dictGet(value, name), () => raise(`The dict has no key '${name}'.`));
      }
      const left = flags.includes('-') || size < 0;
      const body = convert(type, item, flags, digits);
      const field = Math.abs(size);
      if (left) return pad(body, field, ' ', '<');
      if (flags.includes('0') && !'src'.includes(type)) {
        const sign = /^[-+ ]/.exec(body)?.[0] ?? '';
        return sign + pad(body.slice(sign.length), field - sign.length, '0', '>');
      }
      return pad(body, field, ' ', '>');
    },
  );
  if (format.replace(DIRECTIVE, '').endsWith('%')) raise('The format ends inside a directive.');
  // Whatever has items of its own, except a tuple and a str, could have been meant by name: Python lets it be left over.
  const leftOver = Array.isArray(value) || value instanceof Map || value instanceof Undefined || (value instanceof HostObject && value.item !== undefined);
  if (next < items.length && !named && !leftOver) raise('There are more values than places for them in the format.');
  return out;
}

function convert(type: string, item: Value, flags: string, digits: number | undefined): string {
  const sign = (negative: boolean): string => (negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '');
  switch (type) {
    case 's':
    case 'r':
    case 'a': {
      const text = type === 's' ? str(item) : repr(item);
      return digits === undefined ? text : Array.from(text).slice(0, digits).join('');
    }
    case 'c':
      if (typeof item === 'string' && Array.from(item).length === 1) return item;
      return isInt(item) && item >= 0 && item <= 0x10ffff ? String.fromCodePoint(Number(item)) : raise("'%c' needs a character or its code.");
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X': {
      const number = numeric(item);
      if (number === undefined) return raise(`'%${type}' needs a number, not ${article(item)}.`);
      const whole = BigInt(isInt(number) ? number : int(Math.trunc(number)));
      const radix = type === 'o' ? 8 : type === 'x' || type === 'X' ? 16 : 10;
      const text = (whole < 0n ? -whole : whole).toString(radix).padStart(digits ?? 0, '0');
      const prefix = flags.includes('#') && radix !== 10 ? `0${type}` : '';
      return sign(whole < 0n) + prefix + (type === 'X' ? text.toUpperCase() : text);
    }
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': {
      const number = numeric(item);
      if (number === undefined) return raise(`'%${type}' needs a number, not ${article(item)}.`);
      const x = Number(number);
      const size = Math.abs(x);
      const kind = type.toLowerCase();
      let text = floatText(size);
      if (Number.isFinite(x)) text = kind === 'f' ? fixed(size, digits ?? 6) : kind === 'e' ? exponential(size, digits ?? 6) : general(size, digits ?? 6);
      return sign(x < 0 || Object.is(x, -0)) + (type === kind ? text : text.toUpperCase());
    }
    default:
      return raise(`'%${type}' is not a format.`);
  }
}
