// Rows of one resource: a model's query run as it would be built anew, a seed, source or snapshot read where it stands.
import { query, statement } from '../adapters/step.ts';
import type { Table } from '../adapters/adapter.ts';
import { type Compiled, compileNode } from '../compile/compile.ts';
import type { Deferral } from '../compile/runtime-names.ts';
import { Failure } from '../diagnostics/diagnostic.ts';
import { explain } from '../execute/failure.ts';
import type { Resource, Runnable } from '../project/resources.ts';
import type { Opened } from './opened.ts';
import type { Work } from './work.ts';

/** @internal */
export interface FetchOptions {
  readonly limit?: number | undefined;
  readonly deferral?: Deferral;
}

/** @internal Fetches at most `limit` rows; all where it is undefined. Throws `Failure`. */
export async function fetchRows(opened: Opened, work: Work, node: Resource, o: FetchOptions): Promise<Table> {
  const { loaded, graph } = opened;
  let compiled: Compiled | null = null;
  let sql = '';
  try {
    if (node.type === 'seed' || node.type === 'source' || node.type === 'snapshot') sql = `select * from ${loaded.facts.dialect.relation(node.relation)}`;
    else {
      const flags = { fullRefresh: false, empty: false, asNew: node.type === 'model' };
      const env = {
        facts: loaded.facts,
        graph,
        flags,
        readText: loaded.readText,
        locate: loaded.spanOf,
        selected: new Set<string>(),
        onWarning: work.warn,
        ...(o.deferral === undefined ? {} : { deferral: o.deferral }),
      };
      compiled = await work.drive(compileNode(env, node as Exclude<Runnable, { type: 'seed' }>));
      sql = compiled.sql.trim().replace(/;\s*$/, '');
    }
    // As a build sends it: before the query, or with it where it is no statement of its own.
    const header = node.config['sql_header'];
    const before = node.type === 'model' && typeof header === 'string' && header.trim() !== '' ? header.trim() : '';
    if (before !== '' && !before.endsWith(';')) sql = `${before}\n${sql}`;
    return await work.drive(
      (function* () {
        if (before.endsWith(';')) yield* statement(before);
        return yield* query(sql, o.limit);
      })(),
    );
  } catch (e) {
    if (e instanceof Failure && e.diagnostics.some((d) => d.code === 'execute/connection')) throw e;
    throw new Failure(
      explain(
        e,
        {
          resource: node,
          compiled,
          statement: sql,
          compiledPath: null,
          resources: graph.nodes.values(),
          target: loaded.facts.target,
          readText: loaded.readText,
          root: opened.place.root,
        },
        loaded.spanOf,
      ),
    );
  }
}
