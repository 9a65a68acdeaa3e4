// Temporary tables of a plan: whatever happens to it, none stays in the session, which the next node uses too.
import { cleanup, columnsOf, statement, type Steps } from '../adapters/step.ts';
import type { Column, Relation } from '../project/relation.ts';
import { aside } from './aside.ts';
import type { CompileEnv } from './env.ts';

/** The name of a temporary table beside a relation. */
export function temporaryName(env: CompileEnv, near: Relation, suffix: '__dwt_tmp' | '__dwt_src' | '__dwt_del'): Relation {
  return env.facts.dialect.temporary(aside(env, near, suffix).identifier, near);
}

/** Does work that makes these temporary tables, and drops them afterwards, also when it fails. */
export function* withTemporary<T>(env: CompileEnv, tables: readonly Relation[], work: () => Steps<T>): Steps<T> {
  const drops = tables.map((t) => env.facts.dialect.dropTemporary(t));
  let result: T;
  try {
    result = yield* work();
  } catch (e) {
    yield* cleanup(drops);
    throw e;
  }
  for (const sql of drops) yield* statement(sql);
  return result;
}

/** Makes ready a temporary table that is going to be joined by these columns; names that are none of its columns do not count. Returns its columns. */
export function* prepareJoin(env: CompileEnv, table: Relation, by: readonly string[]): Steps<readonly Column[]> {
  const columns = (yield* columnsOf(table)) ?? [];
  const wanted = new Set(by.map((c) => c.toLowerCase()));
  const sql = env.facts.dialect.indexForJoin(
    table,
    columns.filter((c) => wanted.has(c.name.toLowerCase())),
  );
  if (sql !== null) yield* statement(sql);
  return columns;
}
