// The rows of a table, each by its number alone. In: a declaration, a seed, a scale. Out: for any table, day and row its
// cells on that day. What refers to a row makes it again (or finds it in a bounded cache), so memory doesn't grow with rows.
import { createCell, wholeBetween, withNulls, type CellTools } from './cells.ts';
import { applyChanges, createChanges } from './change.ts';
import { expressionsOf, type Declaration, type Generator, type Table } from './declaration.ts';
import type { Frame } from './expression.ts';
import type { FakerCall } from './faker.ts';
import { randomKey, type Random } from './random.ts';
import { createReference } from './reference.ts';
import { createSchedule, type Schedule } from './schedule.ts';
import type { Value } from './value.ts';

/** Rows of a table. Columns that were not asked for may be missing. */
export interface Maker {
  /** How many rows there are by the end of `day`, fixed ones included. */
  count(day: number): number;
  /** The day row `index` arrives; the as-of date where it has always been there. */
  arrived(index: number): number;
  /** The cells of row `index` as they are on `day`. Valid until the next call. */
  make(index: number, day: number): readonly Value[];
  /** The days on which the row made last is as it was made: from `from` to before `to`. */
  readonly stands: { from: number; to: number };
}

/** Makes the children of a parent's row, and hands each to `take`; the cells are valid during the call. */
type ChildMaker = (parent: readonly Value[], row: number, arrived: number, take: (cells: readonly Value[]) => void) => void;

/** Everything a declaration describes. */
export interface World {
  maker(table: number, columns?: ReadonlySet<number>): Maker;
  children(table: number): ChildMaker;
}

const ALWAYS = { from: -(2 ** 30), to: 2 ** 30 };

/** Sets up the world; nothing is made yet. */
export function createWorld(d: Declaration, seed: number, scale: number, random: Random, faker: FakerCall | undefined): World {
  const schedules = new Map<number, Schedule>();
  const scheduleOf = (table: number): Schedule => {
    const known = schedules.get(table) ?? createSchedule(d.tables[table]!, seed, d.asOf, scale);
    schedules.set(table, known);
    return known;
  };
  const toolsFor = (table: Table): CellTools => ({
    random,
    faker,
    child: table.each !== undefined,
    reference: (reference, column) => createReference(table, reference, column, maker, random),
  });

  const maker = (index: number, wanted?: ReadonlySet<number>): Maker => {
    const table = d.tables[index]!;
    const schedule = scheduleOf(index);
    const needed = closure(table, wanted ?? new Set(table.columns.keys()));
    const cells = createCells(table, needed, toolsFor(table), seed);
    const changes = createChanges(table, needed, toolsFor(table), seed, random);
    const frame = createFrame(table);
    const fixed = table.fixed.length;
    const count = (day: number): number => fixed + schedule.count(day);
    const arrived = (i: number): number => {
      const day = i < fixed ? -Infinity : schedule.arrived(i - fixed);
      return day === -Infinity ? d.asOf : day;
    };
    const stands = { ...ALWAYS };
    const make = (i: number, day: number): readonly Value[] => {
      stands.from = ALWAYS.from;
      stands.to = ALWAYS.to;
      if (i < fixed) return table.fixed[i]!;
      frame.row = i - fixed;
      frame.arrived = arrived(i);
      frame.grown = frame.row >= schedule.base;
      cells(frame);
      if (changes.length > 0) applyChanges(changes, frame, schedule.arrived(frame.row), day, random, stands);
      return frame.values;
    };
    return { count, arrived, make, stands };
  };

  const children = (index: number): ChildMaker => {
    const table = d.tables[index]!;
    const each = table.each!;
    const schedule = scheduleOf(each.table);
    const cells = createCells(table, new Set(table.columns.keys()), toolsFor(table), seed);
    const frame = createFrame(table);
    const counting = randomKey(seed, table.name, 'each');
    const fixed = d.tables[each.table]!.fixed.length;
    return (parent, row, arrived, take) => {
      frame.parent = parent;
      frame.row = row;
      frame.line = 0;
      frame.arrived = arrived;
      frame.grown = row - fixed >= schedule.base;
      random.at(counting, row);
      const lines = wholeBetween(each.low, each.high, frame, random);
      for (let line = 0; line < lines; line++) {
        frame.line = line;
        cells(frame);
        take(frame.values);
      }
    };
  };
  return { maker, children };
}

function createFrame(table: Table): Frame {
  const empty = table.columns.map(() => null);
  return {
    values: empty,
    found: table.columns.map(() => undefined),
    parent: undefined,
    row: 0,
    line: 0,
    arrived: 0,
    grown: false,
  };
}

/** Fills the needed columns of a frame, each from its own stream of random numbers. */
function createCells(table: Table, needed: ReadonlySet<number>, tools: CellTools, seed: number): (frame: Frame) => void {
  const { random } = tools;
  const steps = table.columns.flatMap((column, index) => {
    if (!needed.has(index)) return [];
    const cell = createCell(column.generator, index, tools);
    const draws = column.nulls > 0 || !['constant', 'sequence', 'expression'].includes(column.generator.kind);
    return [{ index, cell: withNulls(cell, column.nulls, random), key: randomKey(seed, table.name, column.name), draws }];
  });
  return (frame) => {
    for (const { index, cell, key, draws } of steps) {
      if (draws) random.at(key, frame.row, frame.line);
      frame.values[index] = cell(frame);
    }
  };
}

/** The columns that must be made to have `wanted`: those they are made from, and those by which they change. */
function closure(table: Table, wanted: ReadonlySet<number>): ReadonlySet<number> {
  const needed = new Set<number>();
  const add = (column: number): void => {
    if (needed.has(column)) return;
    needed.add(column);
    sources(table.columns[column]!.generator, column).forEach(add);
    for (const change of table.changes) {
      for (const { column: target, generator } of change.set) if (target === column) sources(generator, column).forEach(add);
    }
  };
  wanted.forEach(add);
  return needed;
}

function sources(generator: Generator, column: number): number[] {
  const own = expressionsOf(generator).flatMap((e) =>
    e.uses.flatMap((use) => (use.kind === 'own' ? [use.column] : use.kind === 'found' && use.via !== column ? [use.via] : [])),
  );
  return generator.kind === 'choice-by' ? [generator.by, ...own] : own;
}
