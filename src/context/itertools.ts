// `modules.itertools`: the finite ones, as lists. https://docs.python.org/3/library/itertools.html
import { iterate } from '../template/compare.ts';
import { Callable, HostObject, raise, Tuple, type Value } from '../template/values.ts';
import { callable, Namespace } from './globals.ts';

const LIMIT = 100_000;

const items = (v: Value | undefined): Value[] => [...iterate(v ?? [])];
const size = (v: Value | undefined, otherwise: number): number => (typeof v === 'number' ? v : otherwise);

/** Rows as tuples. Throws where there are too many. */
function tuples(rows: readonly (readonly Value[])[]): Value[] {
  return rows.map((r) => new Tuple(r));
}

/** Refuses to make so many. */
function few(count: number): number {
  return count > LIMIT ? raise(`This makes more than ${LIMIT} combinations.`, 'limit') : count;
}

function bounded<T>(rows: T[]): T[] {
  few(rows.length);
  return rows;
}

function product(lists: readonly Value[][]): Value[][] {
  return lists.reduce<Value[][]>(
    (rows, list) => {
      few(rows.length * list.length);
      return rows.flatMap((r) => list.map((v) => [...r, v]));
    },
    [[]],
  );
}

/** Picks of `n`: `next` says from which position on the following one is taken. */
function picks(from: readonly Value[], n: number, next: (i: number) => number, start = 0): Value[][] {
  if (n === 0) return [[]];
  return bounded(from.slice(start).flatMap((item, i) => picks(from, n - 1, next, next(start + i)).map((rest) => [item, ...rest])));
}

function permutations(from: readonly Value[], n: number): Value[][] {
  if (n === 0) return [[]];
  return bounded(
    from.flatMap((item, i) =>
      permutations(
        from.filter((_x, j) => j !== i),
        n - 1,
      ).map((rest) => [item, ...rest]),
    ),
  );
}

class Chain extends HostObject {
  override display(): string {
    return "<class 'itertools.chain'>";
  }
  override attribute(name: string): Value | undefined {
    return name === 'from_iterable' ? callable(name, 'iterable', ([lists]) => items(lists).flatMap(items)) : undefined;
  }
  override callAs(args: Value[]): Value {
    return args.flatMap(items);
  }
}

/** `modules.itertools`. */
export const ITERTOOLS = new Namespace('itertools', {
  chain: new Chain(),
  product: new Callable('product', (args, kwargs) => {
    const lists = args.map(items);
    return tuples(product(Array.from({ length: few(size(kwargs.get('repeat'), 1)) }, () => lists).flat()));
  }),
  combinations: callable('combinations', 'iterable r', ([v, r]) => tuples(picks(items(v), size(r, 0), (i) => i + 1))),
  combinations_with_replacement: callable('combinations_with_replacement', 'iterable r', ([v, r]) => tuples(picks(items(v), size(r, 0), (i) => i))),
  permutations: callable('permutations', 'iterable r?', ([v, r]) => {
    const all = items(v);
    return tuples(permutations(all, size(r, all.length)));
  }),
  repeat: callable('repeat', 'object times', ([v, n]) => Array.from({ length: few(size(n, 0)) }, () => v ?? null)),
  islice: new Callable('islice', (args) => {
    const [from, start, stop, step] = args.length > 2 ? args : [args[0], 0, args[1], 1];
    const all = items(from);
    return all.slice(size(start, 0), size(stop, all.length)).filter((_v, i) => i % size(step, 1) === 0);
  }),
  zip_longest: new Callable('zip_longest', (args, kwargs) => {
    const lists = args.map(items);
    const length = Math.max(0, ...lists.map((l) => l.length));
    return tuples(Array.from({ length }, (_, i) => lists.map((l) => (i < l.length ? l[i]! : (kwargs.get('fillvalue') ?? null)))));
  }),
});
