// Python's iterables that are no plain list: ranges, views of a dict, and what filters such as `map` return.
import { equals, list } from './compare.ts';
import { isInt } from './numbers.ts';
import { repr } from './print.ts';
import { HostObject, type Dict, Tuple, type Value } from './values.ts';

/** `range(start, stop, step)`. */
export class Range extends HostObject {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  constructor(start: number, stop: number, step: number) {
    super();
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
  override attribute(name: string): Value | undefined {
    return name === 'start' ? this.start : name === 'stop' ? this.stop : name === 'step' ? this.step : undefined;
  }
  override display(): string {
    return `range(${this.start}, ${this.stop}${this.step === 1 ? '' : `, ${this.step}`})`;
  }
  override length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step));
  }
  override item(key: Value): Value | undefined {
    if (!isInt(key) && typeof key !== 'boolean') return undefined;
    const at = Number(key) < 0 ? Number(key) + this.length() : Number(key);
    return at >= 0 && at < this.length() ? this.start + at * this.step : undefined;
  }
  override *iterate(): Iterable<Value> {
    const count = this.length();
    for (let i = 0; i < count; i++) yield this.start + i * this.step;
  }
  override equals(other: Value): boolean {
    return other instanceof Range && equals([...this.iterate()], [...other.iterate()]);
  }
  override typeName(): string {
    return 'range';
  }
}

/** `dict.keys()`, `dict.values()` and `dict.items()`: they follow the dict. */
export class DictView extends HostObject {
  private readonly dict: Dict;
  private readonly kind: 'keys' | 'values' | 'items';
  constructor(dict: Dict, kind: 'keys' | 'values' | 'items') {
    super();
    this.dict = dict;
    this.kind = kind;
  }
  override attribute(): undefined {
    return undefined;
  }
  override display(): string {
    return `dict_${this.kind}(${repr([...this.iterate()])})`;
  }
  override length(): number {
    return this.dict.size;
  }
  override iterate(): Iterable<Value> {
    if (this.kind === 'keys') return this.dict.keys();
    return this.kind === 'values' ? this.dict.values() : Array.from(this.dict, ([key, value]) => new Tuple([key, value]));
  }
  override equals(other: Value): boolean {
    if (this.kind === 'values' || !(other instanceof DictView)) return false;
    const items = list(other);
    return items.length === this.length() && [...this.iterate()].every((item) => items.some((one) => equals(item, one)));
  }
  override typeName(): string {
    return `dict_${this.kind}`;
  }
}

/** What a generator is to Python: read once, always true, without a length. */
export class Generator extends HostObject {
  private items: Iterator<Value>;
  private readonly name: string;
  constructor(name: string, items: Iterable<Value>) {
    super();
    this.name = name;
    this.items = items[Symbol.iterator]();
  }
  override attribute(): undefined {
    return undefined;
  }
  override display(): string {
    return `<generator object ${this.name}>`;
  }
  override iterate(): Iterable<Value> {
    // Not the iterator itself: a `for` that stops early would close it, and Python's goes on where it was left.
    return { [Symbol.iterator]: () => ({ next: () => this.items.next() }) };
  }
  override truth(): boolean {
    return true;
  }
  override length(): number {
    return [...this.iterate()].length;
  }
  override typeName(): string {
    return 'generator';
  }
}
