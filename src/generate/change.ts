// How rows change as time goes by. In: the changes of a table and a row as it arrived. Out: the row as it is on a day. Each
// row has dates of its own for each change, at random, so the row on a day is the same whichever day is asked for first.
import { createCell, withNulls, type Cell, type CellTools } from './cells.ts';
import type { Table } from './declaration.ts';
import type { Frame } from './expression.ts';
import { randomKey, type Random, type RandomKey } from './random.ts';

/** A change that can be applied: its cells, and the keys of their randomness. */
interface RunningChange {
  readonly every: number;
  readonly from: number;
  readonly key: RandomKey;
  readonly set: readonly { readonly column: number; readonly cell: Cell; readonly key: RandomKey }[];
}

/** The changes of a table that touch a needed column. */
export function createChanges(table: Table, needed: ReadonlySet<number>, tools: CellTools, seed: number, random: Random): RunningChange[] {
  return table.changes.flatMap((change) => {
    const set = change.set.filter((s) => needed.has(s.column));
    if (set.length === 0) return [];
    const path = [seed, table.name, 'change', change.name] as const;
    const steps = set.map(({ column, generator }) => ({
      column,
      cell: withNulls(createCell(generator, column, tools), table.columns[column]!.nulls, random),
      key: randomKey(...path, table.columns[column]!.name),
    }));
    return [{ every: change.every, from: change.from, key: randomKey(...path), set: steps }];
  });
}

/**
 * Brings a row as it arrived to what it is on `day`: one change after another, in the order of their days. `stands`
 * becomes the days on which the row is so: from `from` to before `to`.
 */
export function applyChanges(
  changes: readonly RunningChange[],
  frame: Frame,
  arrived: number,
  day: number,
  random: Random,
  stands: { from: number; to: number },
): void {
  const gap = (change: RunningChange, n: number): number => {
    random.at(change.key, frame.row, n);
    return 1 + random.below(2 * change.every - 1); // 1 … 2·every − 1: `every` on average
  };
  const next = changes.map((change) => Math.max(change.from - 1, arrived) + gap(change, 0));
  const times = changes.map(() => 0);
  for (;;) {
    let first = 0;
    for (let i = 1; i < next.length; i++) if (next[i]! < next[first]!) first = i;
    stands.to = next[first]!;
    if (stands.to > day) return;
    stands.from = stands.to;
    const change = changes[first]!;
    const n = ++times[first]!;
    for (const { column, cell, key } of change.set) {
      random.at(key, frame.row, n);
      frame.values[column] = cell(frame);
    }
    next[first]! += gap(change, n);
  }
}
