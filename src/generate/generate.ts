// Sample data from a declaration. In: a Declaration (from `generate.yml`) and a folder. Out: a CSV file for each table.
// The same declaration, seed, scale and day give the same bytes: on any machine, in any time zone, on any day.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { error, fail, Failure, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { isRefusal, unwritten } from '../files/refusal.ts';
import { parseDay } from './calendar.ts';
import { createCsv, type CsvFile } from './csv.ts';
import type { Declaration, Table } from './declaration.ts';
import { loadFaker } from './faker.ts';
import { createRandom } from './random.ts';
import { createWorld, type World } from './rows.ts';

export type { Declaration } from './declaration.ts';
export { parseDeclaration } from './parse-declaration.ts';

/** What a person may choose for a single run. */
export interface GenerateOptions {
  /** Instead of the declaration's seed. */
  readonly seed?: number;
  /** The day the data shows, an ISO date; the declaration's as-of date where it is absent. */
  readonly until?: string;
  /** Multiplies the rows of every table, and its growth; above 0. */
  readonly scale?: number;
  /** Only these tables. */
  readonly tables?: readonly string[];
}

/** Lets others have their turn now and then, such as who asks to stop. Throws then. */
interface Breath {
  /** After each row; when it gives a promise, wait for it. */
  taken(): Promise<void> | undefined;
  check(): void;
}

const ROWS_A_BREATH = 2000;

function breathing(signal: AbortSignal | undefined): Breath {
  let rows = 0;
  const check = (): void => {
    if (signal?.aborted === true) fail('execute/cancelled', 'Generating was interrupted; no file has changed.');
  };
  return {
    check,
    taken: () => (++rows % ROWS_A_BREATH === 0 ? setImmediate().then(check) : undefined),
  };
}

/** A table that was written. */
export interface GeneratedTable {
  readonly table: string;
  readonly rows: number;
  readonly path: string;
  /** False where the file was there already with the same bytes; it was not touched. */
  readonly changed: boolean;
}

/**
 * Writes `<table>.csv` into `dir` for each table (not the hidden ones). All files are complete before the first one is put
 * into place. Throws a Failure for options that can't be, for rows that can't be made, and where `signal` ends it; then no file has changed.
 */
export async function generate(d: Declaration, dir: string, o: GenerateOptions, onTable?: (t: GeneratedTable) => void, signal?: AbortSignal): Promise<void> {
  const { until, scale, wanted } = checkOptions(d, o);
  const random = createRandom();
  const usesFaker = d.tables.some((t) => [...t.columns, ...t.changes.flatMap((c) => c.set)].some((c) => c.generator.kind === 'faker'));
  const faker = usesFaker ? await loadFaker(d, random) : undefined;
  const world = createWorld(d, o.seed ?? d.seed, scale, random, faker);
  const files: CsvFile[] = [];
  const breath = breathing(signal);
  let path = dir;
  try {
    await mkdir(dir, { recursive: true });
    const written: Omit<GeneratedTable, 'changed'>[] = [];
    for (const [index, table] of d.tables.entries()) {
      if (!wanted.has(table.name)) continue;
      path = join(dir, `${table.name}.csv`);
      const columns = [...table.columns.keys()].filter((c) => !table.columns[c]!.hidden);
      const file = await createCsv(
        path,
        columns.map((c) => table.columns[c]!.name),
        columns,
      );
      files.push(file);
      const rows = await writeRows(world, table, index, until, file, breath);
      await file.finish(breath.check);
      written.push({ table: table.name, path, rows });
    }
    for (const [i, done] of written.entries()) {
      const changed = await files[i]!.settle();
      onTable?.({ ...done, changed });
    }
  } catch (e) {
    await Promise.all(files.map((file) => file.discard()));
    throw isRefusal(e) ? new Failure(unwritten(path, e, { help: 'Name another folder: --output-dir' })) : e;
  }
}

async function writeRows(world: World, table: Table, index: number, until: number, file: CsvFile, breath: Breath): Promise<number> {
  if (table.each === undefined) {
    const maker = world.maker(index);
    const count = maker.count(until);
    for (let i = 0; i < count; i++) {
      const full = file.row(maker.make(i, until));
      if (full !== undefined) await full;
      const turn = breath.taken();
      if (turn !== undefined) await turn;
    }
    return count;
  }
  const parents = world.maker(table.each.table);
  const children = world.children(index);
  let rows = 0;
  let waiting: Promise<void> | undefined;
  const take = (cells: Parameters<CsvFile['row']>[0]): void => {
    rows++;
    waiting = file.row(cells) ?? waiting; // writes queue up: the last one ends last
  };
  for (let i = 0, count = parents.count(until); i < count; i++) {
    const arrived = parents.arrived(i);
    children(parents.make(i, arrived), i, arrived, take);
    if (waiting !== undefined) await waiting;
    waiting = undefined;
    const turn = breath.taken();
    if (turn !== undefined) await turn;
  }
  return rows;
}

function checkOptions(d: Declaration, o: GenerateOptions): { until: number; scale: number; wanted: ReadonlySet<string> } {
  const wrong: Diagnostic[] = [];
  const option = (message: string, help?: string): void => {
    wrong.push(error('generate/option', message, help === undefined ? {} : { help }));
  };
  const until = o.until === undefined ? d.asOf : parseDay(o.until);
  if (until === undefined) option(`'${o.until}' is no day.`, 'Write the date as 2025-06-30.');
  const scale = o.scale ?? 1;
  if (!(scale > 0 && scale <= 1e6)) option(`The scale must be above 0 and at most 1000000, not ${scale}.`);
  if (o.seed !== undefined && !Number.isSafeInteger(o.seed)) option(`The seed must be a whole number, not ${o.seed}.`);
  const names = d.tables.filter((t) => !t.hidden).map((t) => t.name);
  for (const name of o.tables ?? []) {
    if (names.includes(name)) continue;
    const all = `Tables: ${names.join(', ')}.`;
    if (d.tables.some((t) => t.name === name)) option(`Table '${name}' is hidden: it has no file.`, all);
    else option(`There is no table '${name}' in ${d.file}.`, didYouMean(name, names) ?? all);
  }
  if (wrong.length > 0 || until === undefined) throw new Failure(wrong);
  return { until, scale, wanted: new Set(o.tables ?? names) };
}
