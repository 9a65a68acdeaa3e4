// The functions that Jinja itself puts into every template, and Python's types that templates get to see.
import { builtin, callable, type Builtin } from './arguments.ts';
import { Range } from './collections.ts';
import { article } from './compare.ts';
import { lipsum } from './lipsum.ts';
import { isInt } from './numbers.ts';
import { update } from './methods-dict.ts';
import { repr, str } from './print.ts';
import { dictOf, HostObject, raise, type Dict, type Value } from './values.ts';

const MAX_RANGE = 10_000_000;

function makeRange(args: readonly Value[]): Range {
  if (args.length < 1 || args.length > 3) raise('range() takes one to three arguments.');
  const [first, second, third] = args.map((arg) => {
    const number = typeof arg === 'boolean' ? Number(arg) : arg;
    return isInt(number) ? Number(number) : raise(`range() needs ints, not ${article(arg)}.`);
  });
  const range = second === undefined ? new Range(0, first!, 1) : new Range(first!, second, third ?? 1);
  if (range.step === 0) raise('The step of range() cannot be zero.');
  if (range.length() > MAX_RANGE) raise(`This range has ${range.length()} items; the limit is ${MAX_RANGE}.`, 'limit');
  return range;
}

/** `namespace(…)`: what `{% set ns.name = … %}` may change. */
class Namespace extends HostObject {
  private readonly attributes: Map<string, Value> = new Map();
  constructor(entries: Dict) {
    super();
    for (const [key, value] of entries) this.attributes.set(str(key), value);
  }
  override attribute(name: string): Value | undefined {
    return this.attributes.get(name);
  }
  override setAttribute(name: string, value: Value): void {
    this.attributes.set(name, value);
  }
  override attributeNames(): Iterable<string> {
    return this.attributes.keys();
  }
  override display(): string {
    return `<Namespace ${repr(dictOf(this.attributes))}>`;
  }
  override typeName(): string {
    return 'Namespace';
  }
}

/** `cycler(…)`: goes round its items. */
class Cycler extends HostObject {
  private at = 0;
  private readonly items: readonly Value[];
  constructor(items: readonly Value[]) {
    super();
    this.items = items;
  }
  override attribute(name: string): Value | undefined {
    if (name === 'current') return this.items[this.at]!;
    if (name === 'next')
      return callable('next', () => {
        const item = this.items[this.at]!;
        this.at = (this.at + 1) % this.items.length;
        return item;
      });
    if (name !== 'reset') return undefined;
    return callable('reset', () => {
      this.at = 0;
      return null;
    });
  }
  override attributeNames(): Iterable<string> {
    return ['current', 'next', 'reset'];
  }
  override display(): string {
    return '<Cycler>';
  }
}

/** `joiner(sep)`: nothing the first time it is called, the separator from then on. */
class Joiner extends HostObject {
  private used = false;
  private readonly separator: Value;
  constructor(separator: Value) {
    super();
    this.separator = separator;
  }
  override attribute(): undefined {
    return undefined;
  }
  override display(): string {
    return '<Joiner>';
  }
  override callAs(): Value {
    if (this.used) return this.separator;
    this.used = true;
    return '';
  }
}

const makeDict: Builtin = (args, kwargs) => {
  if (args.length > 1) raise('dict() takes at most one argument and keywords.');
  const out: Dict = new Map();
  update(out, args[0], kwargs);
  return out;
};

const FUNCTIONS: Readonly<Record<string, Builtin>> = {
  range: (args) => makeRange(args),
  dict: makeDict,
  namespace: (args, kwargs, at) => new Namespace(makeDict(args, kwargs, at, 'namespace') as Dict),
  cycler: (args) => (args.length === 0 ? raise('cycler() needs at least one item.') : new Cycler(args)),
  joiner: builtin('sep?', ([separator]) => new Joiner(separator ?? ', ')),
  lipsum: builtin('n? html? min? max?', lipsum),
};

/** The functions by name; a name that the host hands out comes first. */
export const GLOBALS: ReadonlyMap<string, Value> = new Map(Object.entries(FUNCTIONS).map(([name, run]) => [name, callable(name, run)]));
