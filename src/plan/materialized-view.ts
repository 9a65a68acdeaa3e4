// A materialized view: made once, then refreshed by each run; made anew where its query is another one, with --full-refresh, and where
// something else stands at its name. In between, indexes are brought in line. What is done about a change is `on_configuration_change`.
// https://docs.getdbt.com/docs/build/materializations#materialized-view
import { begin, commit, existing, query, statement, type Steps, warn } from '../adapters/step.ts';
import { wantsFullRefresh } from '../compile/runtime-names.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Model } from '../project/resources.ts';
import type { CompileEnv } from './env.ts';
import { describe } from './finish.ts';
import { withHooks } from './hooks.ts';
import { createMissing, dropIndexes, indexChanges, indexesOf, type IndexChanges } from './indexes.ts';
import type { Outcome } from './outcome.ts';
import { compileQuery } from './query.ts';
import { replaceTable } from './replace.ts';
import { temporaryName } from './temporary.ts';

export function* materializedView(env: CompileEnv, node: Model): Steps<Outcome> {
  return yield* withHooks(env, node, function* (inTransaction) {
    const compiled = yield* compileQuery(env, node);
    const done = (yield* existing(node.relation)) === 'materialized_view' && !wantsFullRefresh(env.flags, node);
    const result = done ? yield* renew(env, node, compiled.sql, inTransaction) : yield* build(env, node, compiled.sql, inTransaction);
    return { status: 'success', ...result, compiled };
  });
}

type Result = Pick<Outcome, 'message' | 'rows'>;

/** Makes it, in place of whatever stands there. */
function* build(env: CompileEnv, node: Model, sql: string, inTransaction: boolean): Steps<Result> {
  const old = yield* existing(node.relation);
  const finish = indexesOf(env, node);
  const { rows } = yield* replaceTable(env, node.relation, (r) => statement(views(env).create(r, sql), true), {
    inTransaction,
    kind: 'materialized_view',
    ...(finish === undefined ? {} : { finish }),
  });
  yield* describe(env, node, node.relation, 'materialized_view');
  return { message: `materialized view, ${old === null ? 'built' : 'rebuilt'}`, rows };
}

/** One that stands: refreshed, or changed first as far as its configuration was. All in one transaction. */
function* renew(env: CompileEnv, node: Model, sql: string, inTransaction: boolean): Steps<Result> {
  if (!inTransaction) yield* begin();
  const definition = yield* compareQuery(env, node, sql);
  const indexes = definition === 'same' ? yield* indexChanges(env, node) : null;
  const changes = [
    ...(definition === 'other' ? ['its query'] : []),
    ...(indexes !== null && indexes.drop.length + indexes.create.length > 0 ? ['its indexes'] : []),
  ];
  const act = changes.length === 0 ? 'apply' : String(node.config['on_configuration_change'] ?? 'apply');
  let result: Result;
  if (act === 'fail') return refuse(node, changes);
  if (act === 'continue') {
    yield* left(node, changes);
    result = { message: 'materialized view, left as it was', rows: null };
  } else if (definition === 'same') result = yield* refresh(env, node, indexes!);
  else result = yield* build(env, node, sql, true);
  if (!inTransaction) yield* commit();
  return result;
}

function* refresh(env: CompileEnv, node: Model, indexes: IndexChanges): Steps<Result> {
  yield* dropIndexes(env, node, indexes);
  yield* statement(views(env).refresh(node.relation), true);
  yield* createMissing(env, node, indexes);
  yield* describe(env, node, node.relation, 'materialized_view');
  return { message: 'materialized view, refreshed', rows: null };
}

/**
 * Whether the query is still that of the materialized view. The engine keeps a query in words of its own, so it is given the new one as a
 * view of the session, and the two are compared as it tells them. `gone`: it went with something that it read.
 */
function* compareQuery(env: CompileEnv, node: Model, sql: string): Steps<'same' | 'other' | 'gone'> {
  const { dialect } = env.facts;
  const probe = temporaryName(env, node.relation, '__dwt_tmp');
  yield* statement(dialect.createView(probe, sql));
  const [row] = (yield* query(views(env).sameDefinition(node.relation, probe))).rows;
  yield* statement(dialect.drop(probe, 'view'));
  return row === undefined ? 'gone' : row[0] === true ? 'same' : 'other';
}

function views(env: CompileEnv): NonNullable<CompileEnv['facts']['dialect']['materializedViews']> {
  // Parsing refuses materialized views where the engine has none.
  return env.facts.dialect.materializedViews!;
}

function refuse(node: Model, changes: readonly string[]): never {
  return fail('plan/configuration-change', `Materialized view '${node.name}' was changed (${changes.join(', ')}), and its on_configuration_change is 'fail'.`, {
    help: "Run with --full-refresh to make it anew, or set on_configuration_change to 'apply'.",
  });
}

function left(node: Model, changes: readonly string[]): Steps<void> {
  return warn(`Materialized view '${node.name}' was changed (${changes.join(', ')}) and is left as it was: its on_configuration_change is 'continue'.`);
}
