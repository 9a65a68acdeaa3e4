// `value.name`, `value[key]` and slices. The only way to anything inside a value: nothing of JavaScript can be reached.
import { callable } from './arguments.ts';
import type { Builtins } from './arguments.ts';
import { Range } from './collections.ts';
import { article, capital, codePoints, hasAstral, typeName, used } from './compare.ts';
import { DICT_METHODS } from './methods-dict.ts';
import { LIST_METHODS, SET_METHODS, TUPLE_METHODS } from './methods-list.ts';
import { FLOAT_METHODS, INT_METHODS, numberAttribute } from './methods-number.ts';
import { STR_METHODS } from './methods-str.ts';
import { isInt, numeric } from './numbers.ts';
import { repr } from './print.ts';
import { Callable, dictGet, Float, HostObject, NamedTuple, orElse, PySet, raise, Tuple, Undefined, type Value } from './values.ts';

function methodsOf(value: Value): Builtins | undefined {
  if (typeof value === 'string') return STR_METHODS;
  if (value instanceof Map) return DICT_METHODS;
  if (Array.isArray(value)) return LIST_METHODS;
  if (value instanceof Tuple) return TUPLE_METHODS;
  if (value instanceof PySet) return SET_METHODS;
  if (isInt(value) || typeof value === 'boolean') return INT_METHODS;
  return typeof value === 'number' || value instanceof Float ? FLOAT_METHODS : undefined;
}

/** The method of a built-in type, not bound. */
export function findMethod(value: Value, name: string): Builtins[string] | undefined {
  const methods = methodsOf(value);
  return methods !== undefined && Object.hasOwn(methods, name) ? methods[name] : undefined;
}

/** A method or attribute, or undefined where the value has none of that name. */
function ownAttribute(value: Value, name: string): Value | undefined {
  if (value instanceof HostObject) return value.attribute(name);
  if (value instanceof NamedTuple && value.names.includes(name)) return value.items[value.names.indexOf(name)];
  if (value instanceof Callable) return name === 'name' || name === '__name__' ? value.name : undefined;
  const method = findMethod(value, name);
  if (method !== undefined) return callable(name, (args, kwargs, at) => method([value, ...args], kwargs, at, name));
  return numeric(value) === undefined ? undefined : numberAttribute(value, name);
}

/** The item under a key, or undefined where there is none. */
function ownItem(value: Value, key: Value): Value | undefined {
  if (value instanceof Map) return Array.isArray(key) || key instanceof Map || key instanceof PySet ? undefined : dictGet(value, key);
  if (value instanceof HostObject) return value.item?.(key);
  const index = typeof key === 'boolean' ? Number(key) : key;
  if (!isInt(index)) return undefined;
  if (typeof value === 'string') {
    if (hasAstral(value)) return Array.from(value).at(Number(index));
    return value.at(Number(index));
  }
  const items = Array.isArray(value) ? value : value instanceof Tuple ? value.items : undefined;
  return items?.at(Number(index));
}

function candidates(value: Value): () => Iterable<string> {
  return () => {
    if (value instanceof HostObject) return value.attributeNames?.() ?? [];
    const names: string[] = Object.keys(methodsOf(value) ?? {});
    if (value instanceof Map) for (const key of value.keys()) if (typeof key === 'string') names.push(key);
    return names;
  };
}

/** `value.name`: an attribute, else the item of that name, else an Undefined that says so. Throws on an Undefined. */
export function getAttribute(value: Value, name: string): Value {
  used(value);
  return orElse(
    orElse(ownAttribute(value, name), () => ownItem(value, name)),
    () => missing(value, name),
  );
}

/** `value[key]`: an item, else the attribute of that name, else an Undefined that says so. Throws on an Undefined. */
export function getItem(value: Value, key: Value): Value {
  used(value);
  const item = ownItem(value, key);
  if (item !== undefined) return item;
  return orElse(typeof key === 'string' ? ownAttribute(value, key) : undefined, () => missing(value, key));
}

function missing(value: Value, key: Value): Undefined {
  const subject = value instanceof HostObject && value.typeName === undefined ? value.display() : `${typeName(value)} object`;
  if (typeof key !== 'string') return new Undefined(repr(key), `'${subject}' has no element ${repr(key)}`);
  return new Undefined(key, `'${subject}' has no attribute '${key}'`, candidates(value));
}

/** `value[start:stop:step]`. */
export function getSlice(value: Value, start: Value, stop: Value, step: Value): Value {
  used(value);
  if (typeof value === 'string') {
    const points = hasAstral(value) ? Array.from(value) : undefined;
    const size = points?.length ?? codePoints(value);
    const picks = indices(size, start, stop, step);
    if (picks.step === 1 && points === undefined) return value.slice(picks.start, Math.max(picks.start, picks.stop));
    return pick((i) => points?.[i] ?? value.charAt(i), picks).join('');
  }
  if (value instanceof Range) {
    const picks = indices(value.length(), start, stop, step);
    return new Range(value.start + picks.start * value.step, value.start + picks.stop * value.step, value.step * picks.step);
  }
  const items = Array.isArray(value) ? value : value instanceof Tuple ? value.items : undefined;
  if (items === undefined)
    return raise(
      `${capital(article(value))} has no slices.`,
      'type',
      value instanceof HostObject && value.iterate !== undefined ? "Put '| list' before it." : undefined,
    );
  const out = pick((i) => items[i]!, indices(items.length, start, stop, step));
  return value instanceof Tuple ? new Tuple(out) : out;
}

interface Picks {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
}

function pick<T>(at: (index: number) => T, { start, stop, step }: Picks): T[] {
  const out: T[] = [];
  if (step > 0) for (let i = start; i < stop; i += step) out.push(at(i));
  else for (let i = start; i > stop; i += step) out.push(at(i));
  return out;
}

function indices(size: number, start: Value, stop: Value, step: Value): Picks {
  const whole = (value: Value): number | undefined => {
    if (value === null) return undefined;
    const number = typeof value === 'boolean' ? Number(value) : value;
    return isInt(number) ? Number(number) : raise(`A slice needs ints, not ${article(value)}.`);
  };
  const by = whole(step) ?? 1;
  if (by === 0) raise('The step of a slice cannot be zero.');
  const [low, high] = by > 0 ? [0, size] : [-1, size - 1];
  const bound = (value: Value, otherwise: number): number => {
    const at = whole(value);
    if (at === undefined) return otherwise;
    return Math.min(high, Math.max(low, at < 0 ? at + size : at));
  };
  return by > 0 ? { start: bound(start, 0), stop: bound(stop, size), step: by } : { start: bound(start, size - 1), stop: bound(stop, -1), step: by };
}
