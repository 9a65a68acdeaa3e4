// `loop`: what the body of a `for` knows about where it is.
import { callable } from './arguments.ts';
import { equals } from './compare.ts';
import { HostObject, orElse, raise, Undefined, type Value } from './values.ts';

const NAMES = ['index', 'index0', 'revindex', 'revindex0', 'first', 'last', 'length', 'depth', 'depth0', 'previtem', 'nextitem', 'cycle', 'changed'];

export class Loop extends HostObject {
  private at = 0;
  private last: readonly Value[] | undefined;
  private readonly items: readonly Value[];
  private readonly depth: number;
  private readonly again: ((items: Value) => string) | undefined;

  constructor(items: readonly Value[], depth: number, again: ((items: Value) => string) | undefined) {
    super();
    this.items = items;
    this.depth = depth;
    this.again = again;
  }

  next(): void {
    this.at++;
  }

  override attribute(name: string): Value | undefined {
    const { at, items } = this;
    switch (name) {
      case 'index':
        return at + 1;
      case 'index0':
        return at;
      case 'revindex':
        return items.length - at;
      case 'revindex0':
        return items.length - at - 1;
      case 'first':
        return at === 0;
      case 'last':
        return at === items.length - 1;
      case 'length':
        return items.length;
      case 'depth':
        return this.depth;
      case 'depth0':
        return this.depth - 1;
      case 'previtem':
        return orElse(items[at - 1], () => new Undefined('previtem', 'there is no previous item'));
      case 'nextitem':
        return orElse(items[at + 1], () => new Undefined('nextitem', 'there is no next item'));
      case 'cycle':
        return callable('cycle', (args) => (args.length === 0 ? raise('loop.cycle() needs at least one item.') : args[at % args.length]!));
      case 'changed':
        return callable('changed', (args) => {
          const same = this.last !== undefined && this.last.length === args.length && this.last.every((item, i) => equals(item, args[i]!));
          this.last = [...args];
          return !same;
        });
      default:
        return undefined;
    }
  }

  override attributeNames(): Iterable<string> {
    return NAMES;
  }

  override length(): number {
    return this.items.length;
  }

  override truth(): boolean {
    return true;
  }

  override callAs(args: Value[]): Value {
    if (this.again === undefined) return raise("The loop is not recursive: 'recursive' is missing at the end of its {% for %}.");
    return args.length === 1 ? this.again(args[0]!) : raise('loop() takes one argument, the items.');
  }

  override display(): string {
    return `<LoopContext ${this.at + 1}/${this.items.length}>`;
  }
}
