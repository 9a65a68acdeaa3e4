// What reads a relation that is being replaced. Where views are bound to the relation itself (PostgreSQL) they are dropped with
// it, so those that nothing in this run will build again are put back, in the same transaction.
import type { Table } from '../adapters/adapter.ts';
import { StatementFailure } from '../adapters/failures.ts';
import { query, statement, type Steps } from '../adapters/step.ts';
import { relationKey, type Relation } from '../project/relation.ts';
import type { CompileEnv } from './env.ts';

/** Drops and replaces `target` by `work`, and puts back the views that went with it. Runs within a transaction. */
export function* keepingDependents<T>(env: CompileEnv, target: Relation, work: () => Steps<T>): Steps<T> {
  const asked = env.facts.dialect.dependents(target);
  if (asked === null) return yield* work();
  const views = (yield* query(asked.names)).rows;
  const built = views.length === 0 ? new Set<string>() : builtInThisRun(env);
  const lost = views.some(([schema, identifier]) => !built.has(relationKey({ ...target, schema: String(schema), identifier: String(identifier) })));
  if (!lost) return yield* work();
  yield* statement(asked.alone);
  const now = yield* definitions(asked.query);
  const result = yield* work();
  for (const row of now) yield* statement(String(row[2]));
  return result;
}

/** While other nodes replace what the same views read, a definition may name what is just gone: then once more, from what there is now. */
function* definitions(sql: string): Steps<Table['rows']> {
  for (let attempts = 1; ; attempts++) {
    yield* statement('savepoint dwt_dependents');
    try {
      return (yield* query(sql)).rows;
    } catch (e) {
      if (!(e instanceof StatementFailure) || e.cancelled || e.disconnected || attempts === 10) throw e;
      yield* statement('rollback to savepoint dwt_dependents');
    }
  }
}

function builtInThisRun(env: CompileEnv): ReadonlySet<string> {
  const keys = [...env.selected].flatMap((id) => {
    const node = env.graph.nodes.get(id);
    return node !== undefined && (node.type === 'model' || node.type === 'snapshot') ? [relationKey(node.relation)] : [];
  });
  return new Set(keys);
}
