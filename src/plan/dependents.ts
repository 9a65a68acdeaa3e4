// What reads a relation that is being replaced. Where views are bound to the relation itself (PostgreSQL) they are dropped with
// it, so they are put back in the same transaction: those too that this run is to build, as it may fail before, or have built them already.
import type { Table } from '../adapters/adapter.ts';
import { StatementFailure } from '../adapters/failures.ts';
import { query, statement, type Steps } from '../adapters/step.ts';
import type { Relation } from '../project/relation.ts';
import type { CompileEnv } from './env.ts';

/** Drops and replaces `target` by `work`, and puts back the views that went with it. Runs within a transaction. */
export function* keepingDependents<T>(env: CompileEnv, target: Relation, work: () => Steps<T>): Steps<T> {
  const asked = env.facts.dialect.dependents(target);
  if (asked === null) return yield* work();
  if ((yield* query(asked.names)).rows.length === 0) return yield* work();
  yield* statement(asked.alone);
  const now = yield* definitions(asked.query);
  const result = yield* work();
  for (const row of now) yield* statement(String(row[2]));
  return result;
}

/** Changes `target` by `work` while no view reads it: they are dropped before, and put back as far as they still fit. Runs within a transaction. */
export function* withoutDependents(env: CompileEnv, target: Relation, work: () => Steps<void>): Steps<void> {
  const { dialect } = env.facts;
  const asked = dialect.dependents(target);
  if (asked === null || (yield* query(asked.names)).rows.length === 0) return yield* work();
  yield* statement(asked.alone);
  const now = yield* definitions(asked.query);
  for (const [schema, identifier, , kind] of now)
    yield* statement(dialect.drop({ ...target, schema: String(schema), identifier: String(identifier) }, kind === 'm' ? 'materialized_view' : 'view'));
  yield* work();
  for (const row of now) yield* statement(String(row[2]));
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
