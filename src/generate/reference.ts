// A row of another table. In: a reference and the row so far. Out: one of the rows there are on the day, any or one that
// satisfies the condition. A row is made again from its number when it is wanted; what is kept in memory is bounded.
import { dayOf, isTrue, type Cell } from './cells.ts';
import { expressionsOf, type Placed, type Reference, type Table } from './declaration.ts';
import { readUse, type Frame, type Use } from './expression.ts';
import { date } from './functions.ts';
import type { Random } from './random.ts';
import type { Maker } from './rows.ts';
import { kindOf, textOf, type Value } from './value.ts';

const CACHED_ROWS = 1 << 14;
const CACHED_MATCHES = 1 << 20;

/** The cell of a reference: finds a row, keeps it in `frame.found` for the columns below, and gives one of its cells. */
export function createReference(
  table: Table,
  reference: Reference,
  column: number,
  maker: (table: number, columns: ReadonlySet<number>) => Maker,
  random: Random,
): Cell {
  const isOurs = (use: Use): use is Extract<Use, { kind: 'found' }> => use.kind === 'found' && use.via === column;
  const columns = new Set([reference.column, ...allExpressions(table).flatMap((e) => e.uses.filter(isOurs).map((use) => use.column))]);
  const rows = cached(maker(reference.table, columns));
  const finder = (condition: Placed | undefined): ((frame: Frame, day: number) => readonly number[]) | undefined =>
    condition === undefined
      ? undefined
      : createFinder(
          rows,
          condition,
          column,
          condition.uses.filter((use) => !isOurs(use) && use.kind !== 'constant'),
        );
  const matching = finder(reference.where);
  const fallback = finder(reference.otherwise);

  return (frame) => {
    const wanted = reference.chance >= 1 || random.next() < reference.chance;
    const pick = random.next();
    const day = reference.at === undefined ? frame.arrived : dayOf(reference.at, frame);
    let index = -1;
    if (wanted) {
      const matches = matching?.(frame, day);
      const count = matches?.length ?? rows.count(day);
      if (count > 0) index = matches?.[Math.floor(pick * count)] ?? Math.floor(pick * count);
    }
    if (index < 0) index = fallback?.(frame, day)[0] ?? -1;
    const found = index < 0 ? undefined : rows.make(index, day);
    frame.found[column] = found;
    return found?.[reference.column] ?? null;
  };
}

/** Keeps rows by number, as many as fit in a table of fixed size, each with the days for which it stands. */
function cached(maker: Maker): Maker {
  const slots: ({ readonly index: number; readonly from: number; readonly to: number; readonly values: readonly Value[] } | undefined)[] = Array.from({
    length: CACHED_ROWS,
  });
  return {
    ...maker,
    make(index, day) {
      const slot = index & (CACHED_ROWS - 1);
      const known = slots[slot];
      if (known !== undefined && known.index === index && known.from <= day && day < known.to) return known.values;
      const values = maker.make(index, day).slice();
      slots[slot] = { index, ...maker.stands, values };
      return values;
    },
  };
}

/** Which rows satisfy a condition on a day. The answer is kept per day and per value of what else the condition looks at. */
function createFinder(rows: Maker, condition: Placed, column: number, outer: readonly Use[]): (frame: Frame, day: number) => readonly number[] {
  const reads = outer.map(readUse);
  const known = new Map<string | number, readonly number[]>();
  let held = 0;
  const keyOf = (frame: Frame, day: number): string | number => {
    let key = '';
    for (const read of reads) {
      const value = read(frame);
      if (kindOf(value) !== 'date') key += `/${kindOf(value)}${textOf(value).length}:${textOf(value)}`;
      else if (date(value) !== day) key += `/${date(value)}`;
      else if (reads.length > 1) key += '/=';
    }
    return key === '' ? day : `${day}${key}`; // the usual case, a condition on the day alone, has a number for its key
  };
  return (frame, day) => {
    const key = keyOf(frame, day);
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    const matches: number[] = [];
    for (let index = 0, count = rows.count(day); index < count; index++) {
      frame.found[column] = rows.make(index, day);
      if (isTrue(condition, frame)) matches.push(index);
    }
    frame.found[column] = undefined;
    if ((held += matches.length + 8) > CACHED_MATCHES) {
      known.clear();
      held = matches.length;
    }
    known.set(key, matches);
    return matches;
  };
}

/** All expressions of a table: its columns', its changes' and its count of children. */
function allExpressions(table: Table): readonly Placed[] {
  const generators = [...table.columns.map((c) => c.generator), ...table.changes.flatMap((c) => c.set.map((s) => s.generator))];
  return generators.flatMap(expressionsOf);
}
