// The methods of dict.
import { builtin, type Builtins } from './arguments.ts';
import { DictView } from './collections.ts';
import { article, iterate, list } from './compare.ts';
import { repr } from './print.ts';
import { dictDelete, dictGet, dictHas, dictSet, orElse, raise, Tuple, type Dict, type Value } from './values.ts';

const self = (value: Value | undefined): Dict => value as Dict;

/** `dict.update(other, **entries)`, and what the `dict` function does. */
export function update(target: Dict, other: Value | undefined, entries: ReadonlyMap<string, Value>): void {
  if (other instanceof Map) for (const [key, value] of other) dictSet(target, key, value);
  else if (other !== undefined) {
    for (const pair of iterate(other)) {
      const items = list(pair);
      if (items.length !== 2) raise(`A dict is made of pairs, not of ${article(pair)} with ${items.length} items.`);
      dictSet(target, items[0]!, items[1]!);
    }
  }
  for (const [key, value] of entries) target.set(key, value);
}

export const DICT_METHODS: Builtins = {
  keys: builtin('self', ([d]) => new DictView(self(d), 'keys')),
  values: builtin('self', ([d]) => new DictView(self(d), 'values')),
  items: builtin('self', ([d]) => new DictView(self(d), 'items')),
  get: builtin('self key default?', ([d, key, otherwise]) => orElse(dictGet(self(d), key!), () => otherwise ?? null)),
  copy: builtin('self', ([d]) => new Map(self(d))),
  clear: builtin('self', ([d]) => {
    self(d).clear();
    return null;
  }),
  pop: builtin('self key default?', ([d, key, otherwise]) => {
    const value = dictGet(self(d), key!);
    if (value === undefined) return orElse(otherwise, () => raise(`The dict has no key ${repr(key!)}.`));
    dictDelete(self(d), key!);
    return value;
  }),
  popitem: builtin('self', ([d]) => {
    const last = [...self(d)].at(-1);
    if (last === undefined) return raise('popitem(): the dict is empty.');
    self(d).delete(last[0]);
    return new Tuple(last);
  }),
  setdefault: builtin('self key default?', ([d, key, otherwise]) => {
    if (!dictHas(self(d), key!)) dictSet(self(d), key!, otherwise ?? null);
    return dictGet(self(d), key!)!;
  }),
  update: (args, kwargs) => {
    if (args.length > 2) raise('update() takes at most one argument and keywords.');
    update(self(args[0]), args[1], kwargs);
    return null;
  },
  fromkeys: builtin('self keys value?', ([, keys, value]) => {
    const out: Dict = new Map();
    for (const key of iterate(keys!)) dictSet(out, key, value ?? null);
    return out;
  }),
};
