// Filters on sequences: order, groups, picks.
import { builtin, type Builtins } from './arguments.ts';
import { Generator } from './collections.ts';
import { article, compare, equals, iterate, length, list, truth, used } from './compare.ts';
import { getAttribute, getItem } from './members.ts';
import { sorted } from './methods-list.ts';
import { isInt, numeric } from './numbers.ts';
import { sum } from './operators.ts';
import { checkSize } from './limits.ts';
import { str } from './print.ts';
import { HostObject, NamedTuple, orElse, PySet, raise, Tuple, Undefined, type Value } from './values.ts';

/** What reads an attribute of an item: a name, a path `a.b.0`, or an index. `otherwise` stands in for what is missing. */
export function byAttribute(attribute: Value, otherwise: Value | undefined): (item: Value) => Value {
  const path = typeof attribute === 'string' ? attribute.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)) : [attribute];
  return (item) => {
    let value = item;
    for (const part of path) {
      value = getItem(value, part);
      if (otherwise !== undefined && otherwise !== null && value instanceof Undefined) value = otherwise;
    }
    return value;
  };
}

const folded = (value: Value): Value => (typeof value === 'string' ? value.toLowerCase() : value);
const caseOf = (sensitive: Value | undefined): ((value: Value) => Value) => (truth(sensitive ?? false) ? (value) => value : folded);

/** What to compare items by: one attribute, or the item itself. */
function keyOf(attribute: Value | undefined, sensitive: Value | undefined): (item: Value) => Value {
  const fold = caseOf(sensitive);
  if (attribute === undefined || attribute === null) return fold;
  const read = byAttribute(attribute, undefined);
  return (item) => fold(read(item));
}

/** What to sort by: one or more attributes. A tuple even for one, so that equal items without an order are no error. */
function sortKey(attribute: Value | undefined, sensitive: Value | undefined): (item: Value) => Value {
  const paths = typeof attribute === 'string' ? attribute.split(',') : [attribute];
  const keys = paths.map((path) => keyOf(path, sensitive));
  return (item) => new Tuple(keys.map((key) => key(item)));
}

function extreme(values: Value, attribute: Value | undefined, sensitive: Value | undefined, sign: number): Value {
  const key = keyOf(attribute, sensitive);
  let best: Value | undefined;
  for (const item of iterate(values)) if (best === undefined || sign * compare(key(item), key(best)) > 0) best = item;
  return orElse(best, () => new Undefined('', 'no aggregated item, the sequence was empty'));
}

function whole(value: Value | undefined, what: string): number {
  const number = numeric(value);
  return isInt(number) ? Number(number) : raise(`${what} has to be an int, not ${article(value ?? null)}.`);
}

function* batches(items: readonly Value[], size: number, fill: Value | undefined): Iterable<Value> {
  if (size < 1) raise('batch() needs a size of at least 1.');
  for (let i = 0; i < items.length; i += size) {
    const part = items.slice(i, i + size);
    while (fill !== undefined && fill !== null && part.length < size) part.push(fill);
    yield part;
  }
}

function* slices(items: readonly Value[], count: number, fill: Value | undefined): Iterable<Value> {
  if (count < 1) raise('slice() needs at least one slice.');
  const size = Math.floor(items.length / count);
  const longer = items.length % count;
  for (let i = 0, at = 0; i < count; i++) {
    const end = at + size + (i < longer ? 1 : 0);
    const part = items.slice(at, end);
    if (fill !== undefined && fill !== null && i >= longer && longer > 0) part.push(fill);
    else if (fill !== undefined && fill !== null && i >= longer && longer === 0) part.push(fill);
    yield part;
    at = end;
  }
}

function group(values: Value, attribute: Value, otherwise: Value | undefined, sensitive: Value | undefined): Value {
  const read = byAttribute(attribute, otherwise);
  const fold = caseOf(sensitive);
  const groups: { readonly key: Value; readonly shown: Value; readonly items: Value[] }[] = [];
  for (const item of sorted(list(values), (one) => fold(read(one)), false)) {
    const last = groups.at(-1);
    const key = fold(read(item));
    if (last !== undefined && equals(last.key, key)) last.items.push(item);
    else groups.push({ key, shown: read(item), items: [item] });
  }
  return groups.map(({ shown, items }) => new NamedTuple(['grouper', 'list'], [shown, items]));
}

function* distinct(values: Value, key: (item: Value) => Value): Iterable<Value> {
  const seen = new PySet();
  for (const item of iterate(values)) {
    const k = key(item);
    if (seen.has(k)) continue;
    seen.add(k);
    yield item;
  }
}

function sortDict(value: Value, sensitive: Value | undefined, by: Value | undefined, reverse: Value | undefined): Value {
  used(value);
  if (!(value instanceof Map)) return raise(`dictsort needs a dict, not ${article(value)}.`);
  if (by !== undefined && by !== 'key' && by !== 'value') raise("dictsort sorts by 'key' or 'value'.");
  const fold = caseOf(sensitive);
  const at = by === 'value' ? 1 : 0;
  const pairs = Array.from(value, ([k, v]) => new Tuple([k, v]));
  return sorted(pairs, (pair) => fold((pair as Tuple).items[at]!), truth(reverse ?? false));
}

function reversed(value: Value): Value {
  if (typeof value === 'string') return Array.from(value).toReversed().join('');
  if (Array.isArray(value) || value instanceof Undefined) return new Generator('reversed', list(value).toReversed());
  return value instanceof HostObject || value instanceof Map || value instanceof Tuple || value instanceof PySet
    ? new Generator('reversed', list(value).toReversed())
    : raise(`${article(value)} cannot be reversed.`);
}

const orDefault = builtin('value default_value? boolean?', ([value, otherwise, boolean]) =>
  value instanceof Undefined || (truth(boolean ?? false) && !truth(value!)) ? orElse(otherwise, () => '') : value!,
);
const count = builtin('value', ([value]) =>
  value instanceof Generator ? raise('A generator has no length.', 'type', "Put '| list' before it.") : length(value!),
);

export const SEQUENCE_FILTERS: Builtins = {
  default: orDefault,
  d: orDefault,
  length: count,
  count,
  list: builtin('value', ([value]) => list(value!)),
  first: builtin('value', ([value]) => {
    for (const item of iterate(value!)) return item;
    return new Undefined('', 'no first item, the sequence was empty');
  }),
  last: builtin('value', ([value]) => orElse(list(value!).at(-1), () => new Undefined('', 'no last item, the sequence was empty'))),
  random: builtin('value', () => raise('random is not available: the same project has to give the same SQL each time.')),
  reverse: builtin('value', ([value]) => reversed(value!)),
  sort: builtin('value reverse? case_sensitive? attribute?', ([value, reverse, sensitive, attribute]) =>
    sorted(list(value!), sortKey(attribute, sensitive), truth(reverse ?? false)),
  ),
  unique: builtin(
    'value case_sensitive? attribute?',
    ([value, sensitive, attribute]) => new Generator('do_unique', [...distinct(value!, keyOf(attribute, sensitive))]),
  ),
  min: builtin('value case_sensitive? attribute?', ([value, sensitive, attribute]) => extreme(value!, attribute, sensitive, -1)),
  max: builtin('value case_sensitive? attribute?', ([value, sensitive, attribute]) => extreme(value!, attribute, sensitive, 1)),
  sum: builtin('value attribute? start?', ([value, attribute, start], at) => {
    const items = attribute === undefined || attribute === null ? iterate(value!) : list(value!).map(byAttribute(attribute, undefined));
    return sum(items, start ?? 0, at.run);
  }),
  join: builtin('value d? attribute?', ([value, separator, attribute]) => {
    const items = attribute === undefined || attribute === null ? list(value!) : list(value!).map(byAttribute(attribute, undefined));
    return items.map(str).join(str(separator ?? ''));
  }),
  batch: builtin('value linecount fill_with?', ([value, size, fill], { run }) => {
    const each = whole(size, 'The size');
    if (fill !== undefined && fill !== null) checkSize(each * 16, run);
    return new Generator('do_batch', batches(list(value!), each, fill));
  }),
  slice: builtin('value slices fill_with?', ([value, parts, fill], { run }) => {
    const count = whole(parts, 'The number');
    checkSize(count * 16, run);
    return new Generator('sync_do_slice', slices(list(value!), count, fill));
  }),
  groupby: builtin('value attribute default? case_sensitive?', ([value, attribute, otherwise, sensitive]) => group(value!, attribute!, otherwise, sensitive)),
  dictsort: builtin('value case_sensitive? by? reverse?', ([value, sensitive, by, reverse]) => sortDict(value!, sensitive, by, reverse)),
  items: builtin('value', ([value]) => {
    if (value instanceof Undefined) return new Generator('do_items', []);
    if (!(value instanceof Map)) return raise(`items needs a dict, not ${article(value!)}.`);
    return new Generator(
      'do_items',
      Array.from(value, ([k, v]) => new Tuple([k, v])),
    );
  }),
  attr: builtin('value name', ([value, name]) => {
    const found = value instanceof Map && !['items', 'keys', 'values', 'get'].includes(str(name!)) ? undefined : getAttribute(value!, str(name!));
    return orElse(found, () => new Undefined(str(name!), `'dict object' has no attribute '${str(name!)}'`));
  }),
};
