// The values of a template and how they stand in JavaScript: None null, bool boolean, int number or bigint, float number or
// `Float`, str string, list array, dict Map, and the classes below. Whatever a host hands in has to be one of these.
import type { Diagnostic, Span } from '../diagnostics/diagnostic.ts';
import { LongInteger } from '../project/float.ts';
import { walked } from './limits.ts';
import { Float, float, int } from './numbers.ts';
import type { Written } from './source-map.ts';

export { Float, float, int };

export type Value = null | boolean | number | bigint | string | Float | Value[] | Tuple | Dict | PySet | Undefined | Callable | HostObject;

/** A dict. Keys are normalised: use `dictGet`, `dictSet`, `dictHas` and `dictDelete` where a key may be no string. */
export type Dict = Map<Value, Value>;

/** The arguments given by name. */
export type Keywords = ReadonlyMap<string, Value>;

/** Where a call stands, and the run it belongs to. */
export interface CallSite {
  readonly span: Span;
  readonly run: Run;
}

/** What is counted while a template is evaluated. */
export interface Run {
  steps: number;
  depth: number;
  size: number;
  readonly limits: Limits;
  /** Members and calls of what is undefined are undefined too, as dbt has it while it parses; else they are errors. */
  readonly lenient: boolean;
  /** Whether it is written down where each text comes from. */
  readonly mapped: boolean;
  /** What a macro wrote last, where that is written down. */
  written?: Written | undefined;
  /** Told of each undefined value that is printed, which writes nothing, and of the place that prints it. */
  readonly printedUndefined?: PrintedUndefined | undefined;
}

export type PrintedUndefined = (value: Undefined, at: Span) => void;

/** How much a template may do. */
export interface Limits {
  /** Expressions and statements evaluated, items of ranges and repetitions. */
  readonly steps: number;
  /** Macros, calls and recursive loops inside each other. */
  readonly depth: number;
  /** Characters written, and made in one operation. */
  readonly characters: number;
}

export class Tuple {
  readonly items: readonly Value[];
  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/** A tuple whose items have names too. */
export class NamedTuple extends Tuple {
  readonly names: readonly string[];
  constructor(names: readonly string[], items: readonly Value[]) {
    super(items);
    this.names = names;
  }
}

/** A set: a dict whose values do not matter, in order of insertion. */
export class PySet {
  readonly entries: Dict;
  constructor(items: Iterable<Value> = []) {
    this.entries = new Map();
    for (const item of items) this.add(item);
  }
  add(item: Value): void {
    if (!dictHas(this.entries, item)) dictSet(this.entries, item, null);
  }
  has(item: Value): boolean {
    return dictHas(this.entries, item);
  }
  get size(): number {
    return this.entries.size;
  }
  values(): IterableIterator<Value> {
    return this.entries.keys();
  }
}

/** What a name or member that does not exist evaluates to. `hint` says so, for the moment it is used. */
export class Undefined {
  readonly name: string;
  readonly hint: string;
  /** Names that could have been meant. */
  readonly candidates: (() => Iterable<string>) | undefined;
  /** Where it came about: the name, the member, or the call that lacks the argument. */
  origin: Span | undefined;
  constructor(name: string, hint: string = `'${name}' is undefined`, candidates?: () => Iterable<string>) {
    this.name = name;
    this.hint = hint;
    this.candidates = candidates;
  }
}

export class Callable {
  readonly name: string;
  readonly call: (args: Value[], kwargs: Keywords, at: CallSite) => Value;
  constructor(name: string, call: Callable['call']) {
    this.name = name;
    this.call = call;
  }
}

/** An object of the host. Only what these methods hand out can be reached. */
export abstract class HostObject {
  abstract attribute(name: string): Value | undefined;
  abstract display(): string;
  item?(key: Value): Value | undefined;
  equals?(other: Value): boolean;
  /** Negative, zero or positive; undefined where the two have no order. */
  compare?(other: Value): number | undefined;
  iterate?(): Iterable<Value>;
  length?(): number;
  callAs?(args: Value[], kwargs: Keywords, at: CallSite): Value;
  attributeNames?(): Iterable<string>;
  /** A mapping as Python sees it: `is mapping` holds. */
  readonly mapping?: boolean;
  truth?(): boolean;
  /** `this + other`, `other - this`, …: undefined where the operation does not exist. */
  operate?(operator: string, other: Value, reversed: boolean): Value | undefined;
  /** Stores an attribute with `{% set object.name = … %}`; without it that is an error. */
  setAttribute?(name: string, value: Value): void;
  /** What Python calls the type. */
  typeName?(): string;
  /** The str of it where it differs from `display`, which is the repr. */
  text?(): string;
}

/** A Python exception on its way out. `frames` grows from the inside outward. */
export class TemplateError extends Error {
  readonly kind: ErrorKind;
  readonly help: string | undefined;
  span: Span | undefined;
  readonly frames: { message: string; readonly span: Span }[] = [];
  /** What a function of the host failed with, where it did. */
  diagnostics: readonly Diagnostic[] | undefined;
  constructor(message: string, kind: ErrorKind = 'type', help?: string) {
    super(message);
    this.name = 'TemplateError';
    this.kind = kind;
    this.help = help;
  }
}
export type ErrorKind = 'type' | 'undefined' | 'raised' | 'limit';

/** Thrown by a host function to stop rendering until the answer to `question` is known. Nothing in here catches it. */
export class Suspend {
  readonly question: unknown;
  constructor(question: unknown) {
    this.question = question;
  }
}

/** Thrown by dbt's `return(value)`; the macro around it returns the value. */
export class ReturnSignal {
  readonly value: Value;
  constructor(value: Value) {
    this.value = value;
  }
}

/** Stops with a Python exception. */
export function raise(message: string, kind: ErrorKind = 'type', help?: string): never {
  throw new TemplateError(message, kind, help);
}

/** The value, or what stands in where there is none. Not `??`: None is a value. */
export const orElse = <T>(value: Value | undefined, otherwise: () => T): Value | T => (value === undefined ? otherwise() : value);

/** The stored key that equals `key`: itself where it is stored as such, which most are. */
function storedKey(dict: Dict, key: Value): Value {
  if (typeof key === 'string' || key === null) return key;
  const plain = asKey(key);
  if (typeof plain === 'number' || typeof plain === 'bigint') {
    if (!dict.has(plain) && (plain === 1 || plain === 0) && dict.has(plain === 1)) return plain === 1;
    return plain;
  }
  if (typeof plain === 'boolean') return !dict.has(plain) && dict.has(Number(plain)) ? Number(plain) : plain;
  if (Array.isArray(plain) || plain instanceof Map || plain instanceof PySet) {
    const type = Array.isArray(plain) ? 'list' : plain instanceof Map ? 'dict' : 'set';
    return raise(`A ${type} cannot be a key: it can change (unhashable type: '${type}').`);
  }
  if (dict.has(plain)) return plain;
  for (const stored of dict.keys()) if (typeof stored === 'object' && stored !== null && sameKey(stored, plain)) return stored;
  return plain;
}

function sameKey(a: Value, b: Value): boolean {
  if (a instanceof Tuple && b instanceof Tuple) return a.items.length === b.items.length && a.items.every((item, i) => sameKey(item, b.items[i]!));
  if (a instanceof HostObject) return a.equals?.(b) ?? a === b;
  if (a instanceof Float || b instanceof Float) return asKey(a) === asKey(b);
  return a === b || (typeof a === 'boolean' && Number(a) === b) || (typeof b === 'boolean' && Number(b) === a);
}
const asKey = (a: Value): Value => (a instanceof Float ? (Number.isInteger(a.value) ? int(a.value) : a.value) : a);

/** The value under a key, or undefined. */
export function dictGet(dict: Dict, key: Value): Value | undefined {
  return typeof key === 'string' ? dict.get(key) : dict.get(storedKey(dict, key));
}
export function dictHas(dict: Dict, key: Value): boolean {
  return dict.has(storedKey(dict, key));
}
export function dictSet(dict: Dict, key: Value, value: Value): void {
  dict.set(typeof key === 'string' ? key : storedKey(dict, key), value);
}
export function dictDelete(dict: Dict, key: Value): boolean {
  return dict.delete(storedKey(dict, key));
}
/** A dict with text keys. */
export function dictOf(entries: Readonly<Record<string, Value>> | Iterable<readonly [Value, Value]>): Dict {
  const out: Dict = new Map();
  const pairs = Symbol.iterator in entries ? entries : Object.entries(entries);
  for (const [key, value] of pairs) dictSet(out, key, value);
  return out;
}

/** Plain data, such as YAML gives, as a value. Dates become text; what is no data is an error of the caller. */
export function toValue(js: unknown): Value {
  if (js === null || js === undefined) return null;
  if (typeof js === 'string' || typeof js === 'boolean') return js;
  if (typeof js === 'bigint') return int(js);
  if (typeof js === 'number') return Number.isInteger(js) && !Number.isSafeInteger(js) ? float(js) : js;
  if (Array.isArray(js)) return js.map(toValue);
  if (js instanceof Map) return dictOf([...js].map(([k, v]) => [toValue(k), toValue(v)] as const));
  if (js instanceof Set) return new PySet([...js].map(toValue));
  if (js instanceof Date) return js.toISOString();
  if (js instanceof LongInteger) return int(js.exact);
  if (isTemplateObject(js)) return js;
  if (typeof js === 'object') return dictOf(Object.entries(js).map(([k, v]) => [k, toValue(v)] as const));
  throw new TypeError(`not data: ${typeof js}`);
}

const isTemplateObject = (js: unknown): js is Float | Tuple | PySet | Undefined | Callable | HostObject =>
  js instanceof Float || js instanceof Tuple || js instanceof PySet || js instanceof Undefined || js instanceof Callable || js instanceof HostObject;

/**
 * A value as plain data: dicts become objects, tuples and sets arrays, floats numbers, what `long` says integers beyond the
 * safe ones; objects of the host their text.
 */
export function toPlain(value: Value, long: (v: bigint) => unknown = (v) => new LongInteger(String(v))): unknown {
  if (typeof value === 'bigint') return long(value);
  if (value === null || typeof value !== 'object') return value;
  walked(1);
  const plain = (v: Value): unknown => toPlain(v, long);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Tuple) return value.items.map(plain);
  if (value instanceof Float) return value.value;
  if (value instanceof PySet) return [...value.values()].map(plain);
  if (value instanceof Map) {
    const out: Record<string, unknown> = {};
    for (const [key, item] of value) {
      const name = typeof key === 'string' ? key : String(plain(key));
      Object.defineProperty(out, name, { value: plain(item), enumerable: true, writable: true, configurable: true });
    }
    return out;
  }
  if (value instanceof Undefined) return undefined;
  if (value instanceof Callable) return value.name;
  return value.text?.() ?? value.display();
}
