// show: the first rows of a model, seed, snapshot, source or of a query of the command line. Nothing is built.
import { fail, Failure } from '../diagnostics/diagnostic.ts';
import { label, type Resource } from '../project/resources.ts';
import { printTable, rowsAsCsv, rowsAsJson } from '../report/rows.ts';
import { CompileWork, inlineNode, withInlineSource } from './compile.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { chooseNodes, openProject, printDiagnostics } from './open.ts';
import { fetchRows } from './show-node.ts';

export interface ShowOptions extends CommonOptions {
  readonly inline?: string;
  readonly limit: number;
  readonly output: 'text' | 'json' | 'csv';
}

export async function showCommand(io: Io, o: ShowOptions): Promise<ExitCode> {
  if (o.inline === undefined && o.select === undefined && o.selector === undefined)
    fail('cli/usage', 'show needs something to show.', { help: 'Name a model: dwt show --select orders\nor write a query: dwt show --inline "select 1"' });
  const opened = openProject(io, o, 'show');
  const work = new CompileWork(io, opened, o, true);
  const { graph } = opened;
  const nodes: Resource[] =
    o.inline !== undefined
      ? [inlineNode(opened, o.inline)]
      : [...chooseNodes(io, opened, o, ['model', 'seed', 'snapshot', 'source', 'analysis'])].map((id) => graph.nodes.get(id)!);
  const { out, err, outColors, errColors, width, quiet } = io.output;
  try {
    for (const node of nodes) {
      const table = await fetchRows(work, opened, node, o.limit < 0 ? undefined : o.limit);
      if (o.output === 'json') out(`${rowsAsJson(table)}\n`);
      else if (o.output === 'csv') out(`${rowsAsCsv(table)}\n`);
      else {
        if (nodes.length > 1) out(`${outColors.bold(label(node))}\n`);
        out(`${printTable(table, width, outColors)}\n`);
        const count = `${table.rows.length} ${table.rows.length === 1 ? 'row' : 'rows'}`;
        if (!quiet) err(`${errColors.dim(`${count}${o.limit > 0 && table.rows.length === o.limit ? ' (more may follow: --limit)' : ''}`)}\n`);
      }
    }
    return 0;
  } catch (e) {
    const failure = o.inline !== undefined && e instanceof Failure ? withInlineSource(e, o.inline) : e;
    // A query that the engine refuses is a node that failed; anything else could not be run at all.
    if (!(failure instanceof Failure) || !failure.diagnostics.every((d) => d.code === 'execute/sql-failed')) throw failure;
    printDiagnostics(io, failure.diagnostics, opened.loaded.project.root);
    return 1;
  } finally {
    await work.close();
  }
}
