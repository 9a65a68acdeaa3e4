// The two plain materializations: view and table.
import { statement, type Steps } from '../adapters/step.ts';
import { compileQuery } from './query.ts';
import type { Relation } from '../project/relation.ts';
import type { Model } from '../project/resources.ts';
import type { CompileEnv } from './env.ts';
import { describe } from './finish.ts';
import { withHooks } from './hooks.ts';
import { foreignKeysOf } from './foreign-keys.ts';
import { indexesOf } from './indexes.ts';
import type { Outcome } from './outcome.ts';
import { createPartitioned, type PartitionBy, partitionsOf } from './partitions.ts';
import { replaceTable, replaceView } from './replace.ts';
import { temporaryName, withTemporary } from './temporary.ts';

export function* view(env: CompileEnv, node: Model): Steps<Outcome> {
  return yield* withHooks(env, node, function* (inTransaction) {
    const compiled = yield* compileQuery(env, node);
    yield* replaceView(env, node.relation, compiled.sql, { inTransaction });
    yield* describe(env, node, node.relation, 'view');
    return { status: 'success', message: 'view', rows: null, compiled };
  });
}

export function* table(env: CompileEnv, node: Model): Steps<Outcome> {
  const partitions = partitionsOf(env, node);
  return yield* withHooks(env, node, function* (inTransaction) {
    const compiled = yield* compileQuery(env, node);
    const rows = yield* buildTable(env, node, compiled.sql, partitions, inTransaction);
    yield* describe(env, node, node.relation, 'table');
    return { status: 'success', message: 'table', rows, compiled };
  });
}

/** Builds the node's table anew from a query; returns its rows. `check` looks at it, and may refuse it, before it takes its place. */
export function* buildTable(
  env: CompileEnv,
  node: Model,
  sql: string,
  partitions: PartitionBy | null,
  inTransaction: boolean,
  check?: (node: Model, built: Relation) => Steps<void>,
): Steps<number | null> {
  const { dialect } = env.facts;
  const rest = finishOf(env, node);
  const finish =
    check === undefined
      ? rest
      : function* (r: Relation): Steps<void> {
          yield* check(node, r);
          if (rest !== undefined) yield* rest(r);
        };
  const options = { inTransaction, keyed: foreignKeysOf(env, node) !== undefined, ...(finish === undefined ? {} : { finish }) };
  const header = typeof node.config['sql_header'] === 'string' ? `${node.config['sql_header']}\n` : '';
  if (partitions !== null) {
    const source = temporaryName(env, node.relation, '__dwt_tmp');
    return yield* withTemporary(env, [source], function* () {
      yield* statement(`${header}${dialect.createTableAs(source, sql, { temporary: true })}`);
      return (yield* replaceTable(env, node.relation, (r) => createPartitioned(env, node, partitions, source, r), options)).rows;
    });
  }
  const unlogged = node.config['unlogged'] === true;
  const made = yield* replaceTable(
    env,
    node.relation,
    (r, orReplace) => statement(`${header}${dialect.createTableAs(r, sql, { orReplace, unlogged })}`, true),
    options,
  );
  return made.rows;
}

/** Indexes and foreign keys of the new table. */
function finishOf(env: CompileEnv, node: Model): ((r: Relation) => Steps<void>) | undefined {
  const indexes = indexesOf(env, node);
  const keys = foreignKeysOf(env, node);
  if (indexes === undefined || keys === undefined) return indexes ?? keys;
  return function* (r) {
    yield* indexes(r);
    yield* keys(r);
  };
}
