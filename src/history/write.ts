// What is written to the history, as steps: a run begins, rows are appended, the run ends, old runs are forgotten. In: rows and a
// dialect. Out: steps; what belongs together is written in one transaction.
import type { Dialect } from '../adapters/adapter.ts';
import { begin, commit, query, statement, type Steps } from '../adapters/step.ts';
import { type HistorySettings, type HistoryTable, historyRelation } from '../project/history.ts';
import type { Row, RunRecord, Value } from './rows.ts';
import { TABLES } from './tables.ts';

/** Texts of columns without a length are cut there. */
const LONGEST = 4000;
/** Rows of one statement at most. */
const ROWS = 500;

export interface Place {
  readonly dialect: Dialect;
  readonly history: HistorySettings;
}

export type Rows = Partial<Record<HistoryTable, Row[]>>;

/** What tells the rows of a run apart. */
const KEYS: Readonly<Record<HistoryTable, string | null>> = { runs: null, nodes: 'node_id', batches: 'node_id', test_results: 'test_id' };

/** Writes the row of a run that begins, and marks runs whose process is gone. `again` where it may be there already. */
export function* openRun(p: Place, run: RunRecord, row: Row, isGone: (host: string, pid: number, runId: string) => boolean, again: boolean): Steps<void> {
  const { rows: left } = yield* query(
    `select run_id, host, pid, case when started_at < ${literal(p.dialect, 'timestamp', new Date(run.startedAt.getTime() - DAY))} then 1 else 0 end as old\n` +
      `from ${name(p, 'runs')}\nwhere ${sameTarget(p, run)} and status = 'running'`,
  );
  const lost = left.filter(([id, host, pid, old]) => Number(old) === 1 || isGone(String(host), Number(pid), String(id))).map(([id]) => String(id));
  if (lost.length > 0)
    yield* statement(
      `update ${name(p, 'runs')} set status = 'lost', message = ${literal(p.dialect, 'text', 'Its process ended without a word.')}\nwhere status = 'running' and run_id in (${ids(p, lost)})`,
    );
  if (again) yield* begin();
  yield* insert(p, 'runs', [row], again);
  if (again) yield* commit();
}

const DAY = 86_400_000;

/** Appends rows; `closing` ends the run in the same transaction. `again` where the rows may be there already, as the answer to a commit was lost. */
export function* append(p: Place, rows: Rows, again: boolean, closing?: { readonly runId: string; readonly row: Row }): Steps<void> {
  yield* begin();
  for (const [table, list] of Object.entries(rows)) yield* insert(p, table as HistoryTable, list, again);
  if (closing !== undefined) {
    const set = Object.entries(closing.row).map(([column, value]) => `${column} = ${literal(p.dialect, TABLES.runs.columns[column]!, value)}`);
    yield* statement(`update ${name(p, 'runs')}\nset ${set.join(', ')}\nwhere run_id = ${ids(p, [closing.runId])}`);
  }
  yield* commit();
}

/** Deletes the runs of this project and target that began before `until`, and all that belongs to them. */
export function* prune(p: Place, run: RunRecord, until: Date): Steps<void> {
  const { project, target } = run;
  const { rows } = yield* query(
    `select run_id from ${name(p, 'runs')}\nwhere ${equal(p, { project, target })} and started_at < ${literal(p.dialect, 'timestamp', until)} and run_id <> ${ids(p, [run.id])}`,
  );
  for (let at = 0; at < rows.length; at += ROWS) {
    const old = ids(
      p,
      rows.slice(at, at + ROWS).map(([id]) => String(id)),
    );
    yield* begin();
    // The run's own row goes last: where this is cut short, the rest is found again.
    for (const table of ['nodes', 'batches', 'test_results', 'runs'] as const) yield* statement(`delete from ${name(p, table)} where run_id in (${old})`);
    yield* commit();
  }
}

/** The condition that a row of `runs` or `batches` is of this project, target and schema. */
export function sameTarget(p: Place, run: Pick<RunRecord, 'project' | 'target' | 'targetSchema'>): string {
  return equal(p, { project: run.project, target: run.target, target_schema: run.targetSchema });
}

function equal(p: Place, values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([column, value]) => `${column} = ${literal(p.dialect, TABLES.runs.columns[column]!, value)}`)
    .join(' and ');
}

/** A table's full name. */
export function name(p: Place, table: HistoryTable): string {
  return p.dialect.relation(historyRelation(p.history, table));
}

function ids(p: Place, runs: readonly string[]): string {
  return runs.map((id) => p.dialect.stringLiteral(id)).join(', ');
}

function* insert(p: Place, table: HistoryTable, rows: readonly Row[], again: boolean): Steps<void> {
  if (again) yield* remove(p, table, rows);
  const columns = Object.entries(TABLES[table].columns).map(([column, type]) => ({ name: column, type }));
  for (let at = 0; at < rows.length; at += ROWS) {
    const cells = rows.slice(at, at + ROWS).map((row) => columns.map((c) => cell(c.type, row[c.name] ?? null)));
    yield* statement(p.dialect.insertRows(historyRelation(p.history, table), columns, cells));
  }
}

/** Deletes these rows, whether they are there or not. */
function* remove(p: Place, table: HistoryTable, rows: readonly Row[]): Steps<void> {
  const key = KEYS[table];
  for (let at = 0; at < rows.length; at += ROWS) {
    const part = rows.slice(at, at + ROWS);
    const runs = [...new Set(part.map((row) => String(row['run_id'])))];
    const which = key === null ? '' : ` and ${key} in (${part.map((row) => literal(p.dialect, TABLES[table].columns[key]!, row[key]!)).join(', ')})`;
    yield* statement(`delete from ${name(p, table)} where run_id in (${ids(p, runs)})${which}`);
  }
}

function literal(d: Dialect, type: string, value: Value): string {
  if (value instanceof Date) return d.timestampLiteral(value.toISOString());
  const plain = cell(type, value);
  return plain === null ? 'null' : typeof plain === 'number' ? String(plain) : d.stringLiteral(plain);
}

/** A value as it is inserted. No engine takes a character of the code 0, or half of one, in a text. */
function cell(type: string, value: Value): string | number | null {
  if (value instanceof Date) return value.toISOString().replace('T', ' ').replace('Z', '');
  if (typeof value !== 'string') return value;
  return cut(value.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\uFFFD'), Number(/\((\d+)\)/.exec(type)?.[1] ?? LONGEST));
}

function cut(text: string, length: number): string {
  return text.length <= length
    ? text
    : Array.from(text)
        .slice(0, length - 1)
        .concat('…')
        .join('');
}
