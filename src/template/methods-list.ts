// The methods of list, tuple and set.
import { builtin, type Builtins } from './arguments.ts';
import { article, compare, equals, iterate, list, truth } from './compare.ts';
import { charge, checkSize, walked } from './limits.ts';
import { isInt } from './numbers.ts';
import { repr } from './print.ts';
import { Callable, orElse, PySet, raise, type CallSite, type Tuple, type Value } from './values.ts';

const self = (value: Value | undefined): Value[] => value as Value[];
const items = (value: Value | undefined): readonly Value[] => (Array.isArray(value) ? value : (value as Tuple).items);

function index(value: Value | undefined): number {
  const number = typeof value === 'boolean' ? Number(value) : value!;
  return isInt(number) ? Number(number) : raise(`An index has to be an int, not ${article(number)}.`);
}

function find(value: Value | undefined, wanted: Value, start?: Value, stop?: Value): number {
  const all = items(value);
  const clamp = (at: number): number => (at < 0 ? Math.max(0, at + all.length) : at);
  const end = stop === undefined ? all.length : clamp(index(stop));
  for (let i = start === undefined ? 0 : clamp(index(start)); i < end && i < all.length; i++) if (equals(all[i]!, wanted)) return i;
  return raise(`${repr(wanted)} is not in the list.`);
}

/** The items in order, by `key` where it is given; equal ones stay as they were. */
export function sorted(values: readonly Value[], key: ((item: Value) => Value) | undefined, reverse: boolean): Value[] {
  walked(4 * values.length);
  const pairs = values.map((value) => [value, key === undefined ? value : key(value)] as const);
  pairs.sort((a, b) => (reverse ? compare(b[1], a[1]) : compare(a[1], b[1])));
  return pairs.map(([value]) => value);
}

/** A function value to sort by. */
export function keyFunction(key: Value | undefined, at: CallSite): ((item: Value) => Value) | undefined {
  if (key === undefined || key === null) return undefined;
  if (!(key instanceof Callable)) return raise(`The key has to be a function, not ${article(key)}.`);
  return (item) => key.call([item], new Map(), at);
}

const count = builtin('self value', ([l, value]) => items(l).filter((item) => equals(item, value!)).length);
const indexOf = builtin('self value start? stop?', ([l, value, start, stop]) => find(l, value!, start, stop));

export const TUPLE_METHODS: Builtins = { count, index: indexOf };

const changing = (parameters: string, change: (args: (Value | undefined)[], at: CallSite) => void): Builtins[string] =>
  builtin(parameters, (args, at) => {
    change(args, at);
    return null;
  });

export const LIST_METHODS: Builtins = {
  count,
  index: indexOf,
  append: changing('self value', ([l, value]) => self(l).push(value!)),
  extend: changing('self values', ([l, values], { run }) => {
    const more = list(values!);
    checkSize((self(l).length + more.length) * 16, run);
    charge(run, more.length);
    for (const value of more) self(l).push(value);
  }),
  insert: changing('self index value', ([l, at, value]) => {
    const i = index(at);
    self(l).splice(i < 0 ? Math.max(0, i + self(l).length) : i, 0, value!);
  }),
  remove: changing('self value', ([l, value]) => self(l).splice(find(l, value!), 1)),
  pop: builtin('self index?', ([l, at]) => {
    const i = at === undefined ? -1 : index(at);
    const [value] = self(l).splice(i < 0 ? i + self(l).length : i, Math.abs(i < 0 ? i + 0.5 : i) < self(l).length ? 1 : 0);
    return orElse(value, () => raise(self(l).length === 0 ? 'pop(): the list is empty.' : 'pop(): there is no item with this index.'));
  }),
  clear: changing('self', ([l]) => self(l).splice(0)),
  copy: builtin('self', ([l]) => [...self(l)]),
  reverse: changing('self', ([l]) => self(l).reverse()),
  sort: changing('self key? reverse?', ([l, key, reverse], at) => {
    const values = sorted(self(l), keyFunction(key, at), truth(reverse ?? false));
    self(l).splice(0, values.length, ...values);
  }),
};

const set = (value: Value | undefined): PySet => value as PySet;
const asSet = (value: Value): PySet => (value instanceof PySet ? value : new PySet(iterate(value)));
const kept = (a: Value | undefined, keep: (item: Value) => boolean): PySet => new PySet([...set(a).values()].filter(keep));

function replace(target: PySet, content: PySet): null {
  target.entries.clear();
  for (const item of content.values()) target.add(item);
  return null;
}
const combine = (...sets: readonly Value[]): PySet => new PySet(sets.flatMap((one) => list(one)));
const intersect = (...sets: readonly Value[]): PySet => kept(sets[0], (item) => sets.slice(1).every((other) => asSet(other).has(item)));
const subtract = (...sets: readonly Value[]): PySet => kept(sets[0], (item) => !sets.slice(1).some((other) => asSet(other).has(item)));
const exclusive = (a: Value, b: Value): PySet => combine(subtract(a, b), subtract(asSet(b), a));

export const SET_METHODS: Builtins = {
  add: changing('self value', ([s, value]) => set(s).add(value!)),
  discard: changing('self value', ([s, value]) =>
    replace(
      set(s),
      kept(s, (item) => !equals(item, value!)),
    ),
  ),
  remove: changing('self value', ([s, value]) => {
    if (!set(s).has(value!)) raise(`The set has no item ${repr(value!)}.`);
    replace(
      set(s),
      kept(s, (item) => !equals(item, value!)),
    );
  }),
  pop: builtin('self', ([s]) => {
    const [first] = set(s).values();
    if (first === undefined) return raise('pop(): the set is empty.');
    set(s).entries.delete(first);
    return first;
  }),
  clear: changing('self', ([s]) => set(s).entries.clear()),
  copy: builtin('self', ([s]) => combine(s!)),
  update: (args) => replace(set(args[0]), combine(...args)),
  union: (args) => combine(...args),
  intersection: (args) => intersect(...args),
  intersection_update: (args) => replace(set(args[0]), intersect(...args)),
  difference: (args) => subtract(...args),
  difference_update: (args) => replace(set(args[0]), subtract(...args)),
  symmetric_difference: builtin('self other', ([a, b]) => exclusive(a!, b!)),
  symmetric_difference_update: builtin('self other', ([a, b]) => replace(set(a), exclusive(a!, b!))),
  issubset: builtin('self other', ([a, b]) => [...set(a).values()].every((item) => asSet(b!).has(item))),
  issuperset: builtin('self other', ([a, b]) => list(b!).every((item) => set(a).has(item))),
  isdisjoint: builtin('self other', ([a, b]) => !list(b!).some((item) => set(a).has(item))),
};
