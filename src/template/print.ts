// Values to text, as Python's `str` and `repr` print them.
import { walked } from './limits.ts';
import { Callable, Float, HostObject, PySet, Tuple, Undefined, type Value } from './values.ts';

/** `str(value)`: what `{{ value }}` writes. */
export function str(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof Undefined) return '';
  if (value instanceof HostObject) return value.text?.() ?? value.display();
  return repr(value);
}

/** `repr(value)`: what a list shows of its items. */
export function repr(value: Value): string {
  return show(value, []);
}

function show(value: Value, within: readonly Value[]): string {
  if (value === null) return 'None';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isInteger(value) ? value.toString() : floatText(value);
  if (value instanceof Float) return value.digits ?? floatText(value.value);
  if (value instanceof Undefined) return 'Undefined';
  if (value instanceof Callable) return `<function ${value.name}>`;
  if (value instanceof HostObject) return value.display();
  if (within.includes(value)) return Array.isArray(value) ? '[...]' : '{...}';
  walked(Array.isArray(value) ? value.length : value instanceof Tuple ? value.items.length : value.size);
  const inside = [...within, value];
  const all = (items: Iterable<Value>): string => Array.from(items, (item) => show(item, inside)).join(', ');
  if (Array.isArray(value)) return `[${all(value)}]`;
  if (value instanceof Tuple) return value.items.length === 1 ? `(${all(value.items)},)` : `(${all(value.items)})`;
  if (value instanceof PySet) return value.size === 0 ? 'set()' : `{${all(value.values())}}`;
  return `{${Array.from(value, ([k, v]) => `${show(k, inside)}: ${show(v, inside)}`).join(', ')}}`;
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };
const UNPRINTABLE = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

/** A string literal in Python's spelling. */
export function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(UNPRINTABLE, (c) => {
    const code = c.codePointAt(0)!;
    const hex = code.toString(16);
    return SHORT[c] ?? (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`);
  });
  return mark + (mark === "'" ? escaped.replaceAll("'", "\\'") : escaped) + mark;
}

/** A float in Python's spelling: the shortest digits that read back, with an exponent below 1e-4 and from 1e16 on. */
export function floatText(x: number): string {
  if (Number.isNaN(x)) return 'nan';
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf';
  const sign = x < 0 || Object.is(x, -0) ? '-' : '';
  const [digits, power] = Math.abs(x).toExponential().split('e') as [string, string];
  const exponent = Number(power);
  if (x !== 0 && (exponent < -4 || exponent >= 16)) {
    const size = Math.abs(exponent).toString().padStart(2, '0');
    return `${sign}${digits}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  const all = digits.replace('.', '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${all}`;
  const whole = all.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${all.slice(exponent + 1) || '0'}`;
}
