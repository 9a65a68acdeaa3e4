// history: the last runs, the nodes of one, or the runs of one node, as they are recorded in the warehouse.
import { type Cell, error, Failure, type Table } from '../api/api.ts';
import { ROOM_FOR_KIND } from '../report/node-line.ts';
import { tableWidth } from '../report/output.ts';
import { printTable, rowsAsCsv, rowsAsJson } from '../report/rows.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { note, openProject } from './project.ts';

export interface HistoryOptions extends CommonOptions {
  readonly limit: number;
  readonly output: 'text' | 'json' | 'csv';
  readonly run?: string;
  readonly node?: string;
}

export async function historyCommand(io: Io, o: HistoryOptions): Promise<ExitCode> {
  const project = openProject(io, o, 'history');
  const history = await project.history();
  if (history === null) return nothing(io, o, 'The run history of this project is off (history: false in project.yml).');
  const none = `No run has been recorded in the target '${project.target.name}' yet. Runs are: dwt build`;
  if (o.run !== undefined) {
    const found = await history.run(o.run);
    if (found === undefined) return nothing(io, o, none);
    if (found.nodes === null) throw new Failure(notOneRun(o.run, found.runs));
    const [run] = records(found.runs);
    if (o.output === 'text' && run !== undefined) note(io, headOf(run));
    return print(io, o, found.nodes, NODE_COLUMNS);
  }
  if (o.node !== undefined) {
    const found = await history.node(o.node, { limit: o.limit });
    if (found === undefined) return nothing(io, o, none);
    if (found.runs.rows.length === 0)
      throw new Failure(
        error('cli/usage', `No run of a node '${o.node}' is recorded in the target '${project.target.name}'.`, {
          help: found.near === null ? 'Nodes are named as in dwt ls --output name.' : `Did you mean '${found.near}'?`,
        }),
      );
    return print(io, o, found.runs, NODE_RUN_COLUMNS);
  }
  const runs = await history.runs({ limit: o.limit });
  if (runs === undefined || runs.rows.length === 0) return nothing(io, o, none);
  return print(io, o, runs, RUN_COLUMNS);
}

type Row = Readonly<Record<string, Cell>>;
type Columns = Readonly<Record<string, readonly [type: string, of: (row: Row) => Cell]>>;

const of = (name: string) => (row: Row) => row[name] ?? null;
const WHEN: Columns = { 'when (UTC)': ['timestamp', (row) => String(row['started_at']).slice(0, 19)] };
const RUN: Columns = { run: ['text', (row) => String(row['run_id']).slice(0, 8)] };
const NODE: Columns = {
  status: ['text', of('status')],
  rows: ['bigint', of('rows_affected')],
  time: ['text', (row) => seconds(Number(row['duration_ms']))],
};

const RUN_COLUMNS: Columns = {
  ...WHEN,
  ...RUN,
  command: ['text', commandOf],
  status: ['text', of('status')],
  nodes: ['bigint', of('nodes')],
  failed: ['bigint', of('failed')],
  rows: ['bigint', of('rows_affected')],
  time: ['text', (row) => (row['ended_at'] === null ? null : seconds(moment(row['ended_at']!) - moment(row['started_at']!)))],
  target: ['text', of('target')],
};

const NODE_COLUMNS: Columns = { type: ['text', of('resource_type')], name: ['text', of('name')], ...NODE, message: ['text', of('message')] };

const NODE_RUN_COLUMNS: Columns = {
  ...WHEN,
  command: ['text', of('command')],
  ...NODE,
  code: ['text', (row) => (row['code_changed'] === null ? '' : row['code_changed'] === true ? 'changed' : 'same')],
  ...RUN,
  message: ['text', of('message')],
};

/** A table for people, of chosen columns; all there is for programs. */
function print(io: Io, o: HistoryOptions, table: Table, columns: Columns): ExitCode {
  const { out, outColors } = io.output;
  if (o.output === 'json') out(`${rowsAsJson(table)}\n`);
  else if (o.output === 'csv') out(`${rowsAsCsv(table)}\n`);
  else {
    const width = tableWidth(io.output);
    // Where there is no room for all, the type of a node matters least.
    const chosen = Object.entries(columns).toSorted(([a], [b]) => (width < ROOM_FOR_KIND ? Number(a === 'type') - Number(b === 'type') : 0));
    const shown: Table = {
      columns: chosen.map(([name, [type]]) => ({ name, type })),
      rows: records(table).map((row) => chosen.map(([, [, cell]]) => cell(row))),
    };
    // Names are what one looks for; messages give way to them.
    out(`${printTable(shown, width, outColors, '', { name: Math.min(26, Math.floor(width / 2.5)) })}\n`);
  }
  return 0;
}

function nothing(io: Io, o: HistoryOptions, why: string): ExitCode {
  if (o.output === 'json') io.output.out('[]\n');
  note(io, why);
  return 0;
}

function notOneRun(id: string, runs: Table): ReturnType<typeof error> {
  const found = records(runs).map((r) => `${String(r['run_id'])} (${String(r['command'])}, ${String(r['started_at']).slice(0, 19)})`);
  return found.length === 0
    ? error('cli/usage', `There is no run whose id begins with '${id}'.`, { help: 'See the runs: dwt history' })
    : error('cli/usage', `Several runs have an id that begins with '${id}'.`, { help: `Write more of it:\n${found.join('\n')}` });
}

/** `build of 2026-11-26 01:36:50 UTC: failed, 7 nodes in 0.46s` */
function headOf(run: Row): string {
  const time = run['ended_at'] === null ? '' : ` in ${seconds(moment(run['ended_at']!) - moment(run['started_at']!))}`;
  return `${commandOf(run)} of ${String(run['started_at']).slice(0, 19)} UTC: ${String(run['status'])}, ${String(run['nodes'])} nodes${time}`;
}

/** `build`, or `retry build`: what a retry repeats stands in its arguments. */
function commandOf(run: Row): string {
  const command = String(run['command']);
  if (command !== 'retry') return command;
  try {
    const repeated = (JSON.parse(String(run['arguments'])) as { readonly command?: unknown }).command;
    return typeof repeated === 'string' ? `retry ${repeated}` : command;
  } catch {
    return command;
  }
}

function records(table: Table): readonly Row[] {
  return table.rows.map((row) => Object.fromEntries(table.columns.map((c, i) => [c.name, row[i] ?? null])));
}

function moment(cell: Cell): number {
  return Date.parse(`${String(cell).replace(' ', 'T')}Z`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)}s`;
}
