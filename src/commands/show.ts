// show: the first rows of a model, seed, snapshot, source or of a query of the command line. Nothing is built.
import { fail, Failure, label, nameOf, type Resource } from '../api/api.ts';
import { tableWidth } from '../report/output.ts';
import { printTable, rowsAsCsv, rowsAsJson } from '../report/rows.ts';
import { waiting } from '../report/waiting.ts';
import { plural } from '../report/words.ts';
import { logTo, warnTo } from './compile.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { chooseNodes, note, openProject, printDiagnostics } from './project.ts';

/** What an engine says to a query. */
const REFUSALS: readonly string[] = ['execute/sql-failed', 'execute/missing-privilege'];

export interface ShowOptions extends CommonOptions {
  readonly inline?: string;
  readonly limit: number;
  readonly output: 'text' | 'json' | 'csv';
}

export async function showCommand(io: Io, o: ShowOptions): Promise<ExitCode> {
  if (o.inline === undefined && o.select === undefined && o.selector === undefined)
    fail('cli/usage', 'show needs something to show.', { help: 'Name a model: dwt show --select orders\nor write a query: dwt show --inline "select 1"' });
  const project = openProject(io, o, 'show');
  const { defer, favorState, deferState, state } = o;
  const elsewhere = Object.fromEntries(Object.entries({ defer, favorState, deferState, state }).filter(([, v]) => v !== undefined));
  const options = { ...elsewhere, log: logTo(io), warn: warnTo(io, project), ...(o.limit < 0 ? {} : { limit: o.limit }) };
  const ids = o.inline !== undefined ? [undefined] : [...chooseNodes(io, project, o, ['model', 'seed', 'snapshot', 'source', 'analysis'])];
  const { out, outColors, errColors } = io.output;
  const several = ids.length > 1;
  let written = 0;
  /** Several nodes are one object, which is whole also where one of them fails. */
  const json = (node: Resource | undefined, rows: string): void =>
    out(node === undefined || !several ? `${rows}\n` : `${written++ === 0 ? '{' : ','}\n${JSON.stringify(nameOf(node))}: ${rows}`);
  const end = (): void => {
    if (several && o.output === 'json') out(written === 0 ? '{}\n' : '\n}\n');
  };
  let refused = false;
  try {
    for (const id of ids) {
      const node = id === undefined ? undefined : project.resources.get(id)!;
      const asked = node === undefined ? project.query(o.inline!, options) : project.show(node, options);
      const table = await waiting(io.output, `reading ${node === undefined ? 'the rows of the query' : label(node)}`, asked).catch((e: unknown) => {
        // A query that the engine refuses is a node that failed, and the others have their rows; anything else could not be run at all.
        if (!(e instanceof Failure) || !e.diagnostics.every((d) => REFUSALS.includes(d.code))) throw e;
        refused = true;
        printDiagnostics(io, e.diagnostics, project.root);
        return undefined;
      });
      if (table === undefined) continue;
      if (o.output === 'json') json(node, rowsAsJson(table));
      else if (o.output === 'csv') out(`${rowsAsCsv(table)}\n`);
      else {
        if (node !== undefined && several) out(`${outColors.bold(label(node))}\n`);
        out(`${printTable(table, tableWidth(io.output), outColors)}\n`);
        const count = plural(table.rows.length, 'row');
        note(io, errColors.dim(`${count}${o.limit > 0 && table.rows.length === o.limit ? ' (more may follow: --limit)' : ''}`));
      }
    }
    return refused ? 1 : 0;
  } finally {
    end();
  }
}
