// Truth, equality, order and iteration of values, as Python has them.
import { didYouMean } from '../diagnostics/nearest.ts';
import { walked } from './limits.ts';
import { numeric } from './numbers.ts';
import { dictGet, Callable, dictHas, Float, HostObject, PySet, raise, Tuple, Undefined, type Value } from './values.ts';

/** `bool(value)`. */
export function truth(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (value === null) return false;
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'bigint') return value !== 0n;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map || value instanceof PySet) return value.size > 0;
  if (value instanceof Undefined) return false;
  if (value instanceof Tuple) return value.items.length > 0;
  if (value instanceof Float) return value.value !== 0;
  if (value instanceof HostObject) {
    if (value.truth !== undefined) return value.truth();
    return value.length === undefined || value.length() > 0;
  }
  return true;
}

/** `a == b`. */
export function equals(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a === 'string' || a === null || typeof b === 'string' || b === null) {
    if (a instanceof HostObject) return a.equals?.(b) ?? false;
    return b instanceof HostObject ? (b.equals?.(a) ?? false) : false;
  }
  const x = numeric(a);
  const y = numeric(b);
  // oxlint-disable-next-line eqeqeq -- an int beyond 2^53 equals a float of the same size
  if (x !== undefined && y !== undefined) return x == y;
  if (Array.isArray(a)) return Array.isArray(b) && sameItems(a, b);
  if (a instanceof Tuple) return b instanceof Tuple && sameItems(a.items, b.items);
  if (a instanceof Map && b instanceof Map) {
    if (a.size !== b.size) return false;
    walked(a.size);
    for (const [key, value] of a) {
      const other = dictGet(b, key);
      if (other === undefined || !equals(value, other)) return false;
    }
    return true;
  }
  if (a instanceof PySet && b instanceof PySet) return a.size === b.size && [...a.values()].every((item) => b.has(item));
  if (a instanceof HostObject) return a.equals?.(b) ?? false;
  if (b instanceof HostObject) return b.equals?.(a) ?? false;
  return a instanceof Undefined && b instanceof Undefined;
}

function sameItems(a: readonly Value[], b: readonly Value[]): boolean {
  if (a.length !== b.length) return false;
  walked(0);
  return a.every((item, i) => equals(item, b[i]!));
}

/** Negative, zero or positive, as `a` is less than, equal to or greater than `b`. Throws where Python has no order. NaN for nan. */
export function compare(a: Value, b: Value, operator = '<'): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  const x = numeric(a);
  const y = numeric(b);
  if (x !== undefined && y !== undefined) return x < y ? -1 : x > y ? 1 : Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : 0;
  const left = Array.isArray(a) ? a : a instanceof Tuple ? a.items : undefined;
  const right = Array.isArray(b) ? b : b instanceof Tuple ? b.items : undefined;
  if (left !== undefined && right !== undefined && Array.isArray(a) === Array.isArray(b)) {
    for (let i = 0; i < left.length && i < right.length; i++) if (!equals(left[i]!, right[i]!)) return compare(left[i]!, right[i]!, operator);
    return left.length - right.length;
  }
  if (a instanceof PySet && b instanceof PySet) {
    if ([...a.values()].every((item) => b.has(item))) return a.size - b.size;
    return [...b.values()].every((item) => a.has(item)) ? 1 : Number.NaN;
  }
  const host = a instanceof HostObject ? a.compare?.(b) : undefined;
  if (host !== undefined) return host;
  const back = b instanceof HostObject ? b.compare?.(a) : undefined;
  if (back !== undefined) return -back;
  used(a);
  used(b);
  return raise(`'${operator}' is not supported between ${article(a)} and ${article(b)}.`);
}

/** Order of code points, which is Python's and not UTF-16's. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const wide = (code: number): number => (code >= 0xd800 && code <= 0xdfff ? code + 0x10000 : code);
    return wide(x) - wide(y);
  }
  return a.length - b.length;
}

/** `item in container`. */
export function contains(container: Value, item: Value): boolean {
  if (typeof container === 'string') {
    if (item instanceof Undefined) used(item);
    return typeof item === 'string' ? container.includes(item) : raise(`'in' looks for a str in a str, not for ${article(item)}.`);
  }
  if (container instanceof Map) return dictHas(container, item);
  if (container instanceof PySet) return !(item instanceof PySet) && container.has(item);
  for (const one of iterate(container)) if (equals(one, item)) return true;
  return false;
}

/** The items that `for` sees: characters of a str, keys of a dict. Throws where there are none to see. */
export function iterate(value: Value): Iterable<Value> {
  if (Array.isArray(value)) return value;
  if (value instanceof Tuple) return value.items;
  if (typeof value === 'string') return value;
  if (value instanceof Map) return value.keys();
  if (value instanceof PySet) return value.values();
  if (value instanceof Undefined) return [];
  if (value instanceof HostObject) {
    const items = value.iterate?.();
    if (items !== undefined) return items;
  }
  return raise(`${capital(article(value))} cannot be iterated over.`);
}

/** The items as an array of their own, which a caller may change. */
export function list(value: Value): Value[] {
  const items = iterate(value);
  walked(Array.isArray(items) || typeof items === 'string' ? items.length : 0);
  return Array.from(items);
}

/** `len(value)`. */
export function length(value: Value): number {
  if (typeof value === 'string') return codePoints(value);
  if (Array.isArray(value)) return value.length;
  if (value instanceof Map || value instanceof PySet) return value.size;
  if (value instanceof Tuple) return value.items.length;
  if (value instanceof Undefined) return 0;
  if (value instanceof HostObject && value.length !== undefined) return value.length();
  if (value instanceof HostObject && value.iterate !== undefined) return [...value.iterate()].length;
  return raise(`${capital(article(value))} has no length.`);
}

const ASTRAL = /[\ud800-\udbff][\udc00-\udfff]/;

/** The number of characters. */
export function codePoints(text: string): number {
  return ASTRAL.test(text) ? Array.from(text).length : text.length;
}

/** Does any character take two places in JavaScript, so that indexes differ from Python's? */
export const hasAstral = (text: string): boolean => ASTRAL.test(text);

/** Stops where the value is undefined, naming it. */
export function used(value: Value): Value {
  if (value instanceof Undefined) raise(`${capital(value.hint)}.`, 'undefined', didYouMean(value.name, value.candidates?.() ?? []));
  return value;
}

/** What Python calls the type of a value. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (value instanceof Float) return 'float';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Tuple) return 'tuple';
  if (value instanceof Map) return 'dict';
  if (value instanceof PySet) return 'set';
  if (value instanceof Undefined) return 'Undefined';
  if (value instanceof Callable) return 'function';
  return value.typeName?.() ?? 'object';
}

/** The type with its article, for messages: "a str", "an int", "None". */
export function article(value: Value): string {
  if (value === null) return 'None';
  const name = typeName(value);
  return `${/^[aeiouU]/.test(name) ? 'an' : 'a'} ${name}`;
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
