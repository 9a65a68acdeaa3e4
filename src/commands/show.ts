// show: the first rows of a model, seed, snapshot, source or of a query of the command line. Nothing is built: a model's
// query is run as it would be, a seed or a source is read where it stands.
import { compileNode } from '../compile/compile.ts';
import { query } from '../adapters/step.ts';
import { fail, Failure } from '../diagnostics/diagnostic.ts';
import { explain } from '../execute/failure.ts';
import { label, type Resource, type Runnable } from '../project/resources.ts';
import { printTable, rowsAsCsv, rowsAsJson } from '../report/rows.ts';
import type { Compiled } from '../compile/compile.ts';
import { CompileWork, inlineNode, withInlineSource } from './compile.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { chooseNodes, openProject } from './open.ts';

export interface ShowOptions extends CommonOptions {
  readonly inline?: string;
  readonly limit: number;
  readonly output: 'text' | 'json' | 'csv';
}

export async function showCommand(io: Io, o: ShowOptions): Promise<ExitCode> {
  const opened = openProject(io, o, 'show');
  const work = new CompileWork(io, opened, o);
  const { loaded, graph } = opened;
  const nodes: Resource[] =
    o.inline !== undefined
      ? [inlineNode(opened, o.inline)]
      : [...chooseNodes(io, opened, o, ['model', 'seed', 'snapshot', 'source', 'analysis'])].map((id) => graph.nodes.get(id)!);
  if (nodes.length === 0) return 0;
  if (o.inline === undefined && o.select === undefined)
    fail('cli/usage', 'show needs something to show.', { help: 'Name a model: dwt show --select orders\nor write a query: dwt show --inline "select 1"' });
  try {
    for (const node of nodes) {
      let compiled: Compiled | null = null;
      let sql = '';
      try {
        if (node.type === 'seed' || node.type === 'source' || node.type === 'snapshot') sql = `select * from ${loaded.facts.dialect.relation(node.relation)}`;
        else {
          compiled = await work.drive(
            compileNode(
              {
                facts: loaded.facts,
                graph,
                flags: { fullRefresh: false, empty: false, asNew: o.inline === undefined },
                readText: loaded.readText,
                selected: new Set(),
              },
              node as Exclude<Runnable, { type: 'seed' }>,
            ),
          );
          sql = compiled.sql.trim().replace(/;\s*$/, '');
        }
        const table = await work.drive(query(sql, o.limit < 0 ? undefined : o.limit));
        if (o.output === 'json') io.output.out(`${rowsAsJson(table)}\n`);
        else if (o.output === 'csv') io.output.out(`${rowsAsCsv(table)}\n`);
        else {
          if (nodes.length > 1) io.output.out(`${io.output.outColors.bold(label(node))}\n`);
          io.output.out(`${printTable(table, io.output.width, io.output.outColors)}\n`);
          if (!io.output.quiet)
            io.output.err(
              `${io.output.errColors.dim(`${table.rows.length} ${table.rows.length === 1 ? 'row' : 'rows'}${o.limit >= 0 && table.rows.length === o.limit ? ' (more may follow: --limit)' : ''}`)}\n`,
            );
        }
      } catch (e) {
        if (e instanceof Failure && e.diagnostics.some((d) => d.code === 'execute/connection')) throw e;
        const failure = new Failure(
          explain(e, { resource: node, compiled, statement: sql, compiledPath: null, resources: graph.nodes.values() }, loaded.spanOf),
        );
        throw o.inline === undefined ? failure : withInlineSource(failure, o.inline);
      }
    }
    return 0;
  } finally {
    await work.close();
  }
}
