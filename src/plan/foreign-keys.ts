// Foreign keys. Those that other tables have to a table that is being replaced: they are taken away where they would keep it, and put back
// in the end. And those of the configuration: made with the table, and brought in line with it where the table stays; of these, dwt drops
// only what it named itself.
import { StatementFailure } from '../adapters/adapter.ts';
import { type ForeignKey, foreignKeyName, type ForeignKeySql, isOwnForeignKeyName, readForeignKeys } from '../adapters/foreign-key.ts';
import { cleanup, existing, query, referenced, statement, type Steps } from '../adapters/step.ts';
import { renderSql } from '../compile/compile.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { asList, asTexts, isReference } from '../project/config.ts';
import type { Relation } from '../project/relation.ts';
import { label, type Model, type Runnable } from '../project/resources.ts';
import { isMapping } from '../project/shape.ts';
import type { CompileEnv } from './env.ts';

type Keyed = Pick<ForeignKey, 'table' | 'columns' | 'toColumns' | 'definition'> & { /** As SQL. */ readonly target: string };

function sqlOf(env: CompileEnv): ForeignKeySql | null {
  return env.facts.capabilities.foreignKeys ? env.facts.dialect.foreignKeys : null;
}

/** Foreign keys of other tables that point to a table. */
export function* foreignKeysTo(env: CompileEnv, r: Relation): Steps<readonly ForeignKey[]> {
  const sql = sqlOf(env);
  if (sql === null || (yield* existing(r)) !== 'table' || !(yield* referenced(r))) return [];
  return readForeignKeys((yield* query(sql.pointingTo(r))).rows, r.database);
}

/** Takes away what keeps a table from being dropped or emptied. */
export function* releaseForeignKeys(env: CompileEnv, r: Relation): Steps<void> {
  for (const key of yield* foreignKeysTo(env, r)) yield* statement(sqlOf(env)!.drop(key.table, key.name));
}

/** Puts back those of `keys` that are gone. One that cannot be is left out, and said. */
export function* putBack(env: CompileEnv, node: Runnable & { readonly relation: Relation }, keys: readonly ForeignKey[]): Steps<void> {
  const sql = sqlOf(env);
  if (sql === null || keys.length === 0) return;
  const stand = readForeignKeys((yield* query(sql.pointingTo(node.relation))).rows, node.relation.database);
  for (const key of keys) {
    if (stand.some((k) => k.name === key.name && k.table.schema === key.table.schema && k.table.identifier === key.table.identifier)) continue;
    const problem = yield* attempt(env, sql, key);
    if (problem === null) continue;
    const { relation } = env.facts.dialect;
    yield {
      kind: 'log',
      level: 'warning',
      message: `The foreign key '${key.name}' of ${relation(key.table)} (${key.columns.join(', ')}) to ${label(node)} is gone: ${problem}`,
    };
  }
}

/** The same after a failure, without a question. */
export function* putBackAnyhow(env: CompileEnv, keys: readonly ForeignKey[]): Steps<void> {
  const sql = sqlOf(env);
  if (sql !== null) yield* cleanup(keys.map((k) => sql.add(k.table, k.name, k.definition)));
}

/** Adds a key; what is in the way comes back as text. */
function* attempt(env: CompileEnv, sql: ForeignKeySql, key: ForeignKey): Steps<string | null> {
  if (sql.attempt !== null) {
    yield* statement(sql.attempt.add(key.table, key.name, key.definition));
    const answer = (yield* query(sql.attempt.problem)).rows[0]?.[0] ?? null;
    return answer === null ? null : String(answer);
  }
  try {
    const violation = yield* violationOf(env, { ...key, target: env.facts.dialect.relation(key.to) });
    if (violation !== null) return violation;
    yield* addUnchecked(sql, key.table, key.name, key.definition);
    return null;
  } catch (e) {
    if (!(e instanceof StatementFailure) || e.cancelled || e.disconnected) throw e;
    return e.message;
  }
}

function* addUnchecked(sql: ForeignKeySql, table: Relation, name: string, definition: string): Steps<void> {
  if (sql.unchecked === null) {
    yield* statement(sql.add(table, name, definition));
    return;
  }
  yield* statement(sql.unchecked.before);
  try {
    yield* statement(sql.add(table, name, definition));
  } finally {
    yield* cleanup([sql.unchecked.after]);
  }
}

/** What a row that points to nothing says; null where there is none. */
function* violationOf(env: CompileEnv, { table, columns, target, toColumns }: Keyed): Steps<string | null> {
  const { quote, relation } = env.facts.dialect;
  const present = columns.map((c) => `c.${quote(c)} is not null`).join(' and ');
  const found = toColumns.map((c, i) => `p.${quote(c)} = c.${quote(columns[i]!)}`).join(' and ');
  const sql =
    `select ${columns.map((c) => `c.${quote(c)}`).join(', ')} from ${relation(table)} as c\n` +
    `where ${present} and not exists (select 1 from ${target} as p where ${found})`;
  const row = (yield* query(sql, 1)).rows[0];
  return row === undefined ? null : `${target} has no row for ${columns.map((c, i) => `${c} = ${String(row[i])}`).join(', ')}.`;
}

/** Makes the foreign keys of the configuration on what was built for the node, under its own name or another. Undefined where there are none. */
export function foreignKeysOf(env: CompileEnv, node: Model): ((r: Relation) => Steps<void>) | undefined {
  if (sqlOf(env) === null || asList(node.config['foreign_keys']).length === 0) return undefined;
  return function* (r) {
    for (const key of yield* declared(env, node, r)) yield* make(env, node, key);
  };
}

/** Brings the foreign keys of a table that stays in line with the configuration. */
export function* alignForeignKeys(env: CompileEnv, node: Model): Steps<void> {
  const sql = sqlOf(env);
  if (sql === null) return;
  const keys = yield* declared(env, node, node.relation);
  const stand = readForeignKeys((yield* query(sql.of(node.relation))).rows, node.relation.database);
  const isSame = (a: ForeignKey, b: Keyed): boolean =>
    equal(a.columns, b.columns) && equal(a.toColumns, b.toColumns) && env.facts.dialect.relation(a.to) === b.target;
  for (const key of stand) if (isOwnForeignKeyName(key.name) && !keys.some((k) => isSame(key, k))) yield* statement(sql.drop(node.relation, key.name));
  for (const key of keys) if (!stand.some((k) => isSame(k, key))) yield* make(env, node, key);
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}

function* make(env: CompileEnv, node: Model, key: Keyed): Steps<void> {
  const sql = sqlOf(env)!;
  const what = `The foreign key (${key.columns.join(', ')}) of ${label(node)}`;
  const refuse = (reason: string): never => fail('plan/bad-result', `${what} cannot be made: ${reason}`, { config: { key: 'foreign_keys' } });
  try {
    const violation = sql.unchecked === null ? null : yield* violationOf(env, key);
    if (violation !== null) refuse(violation);
    yield* addUnchecked(sql, key.table, foreignKeyName(key.definition, node.relation, sql.unchecked === null ? '' : env.facts.invocationId), key.definition);
  } catch (e) {
    if (!(e instanceof StatementFailure) || e.cancelled || e.disconnected || e.retryable) throw e;
    refuse(e.message);
  }
}

/** Whether a key would point to a table of another environment: where nodes are deferred, only what stands here is pointed to. */
function* isElsewhere(env: CompileEnv, node: Model, target: string): Steps<boolean> {
  if (env.deferral === undefined) return false;
  for (const id of env.graph.parents.get(node.id) ?? []) {
    const parent = env.graph.nodes.get(id);
    if (parent === undefined || !('relation' in parent) || env.facts.dialect.relation(parent.relation) !== target) continue;
    return (yield* existing(parent.relation)) !== 'table';
  }
  return true;
}

/** The foreign keys of the configuration, for a table that stands in for the node's. */
function* declared(env: CompileEnv, node: Model, table: Relation): Steps<Keyed[]> {
  const { quote } = env.facts.dialect;
  const keys: Keyed[] = [];
  for (const entry of asList(node.config['foreign_keys'])) {
    if (!isMapping(entry)) continue;
    const columns = asTexts(entry['columns']);
    const toColumns = entry['to_columns'] === undefined ? columns : asTexts(entry['to_columns']);
    const to = String(entry['to']);
    const target = isReference(to) ? (yield* renderSql(env, node, `{{ ${to} }}`, `foreign_keys of ${label(node)}`)).trim() : to;
    if (yield* isElsewhere(env, node, target)) continue;
    const list = (names: readonly string[]): string => names.map(quote).join(', ');
    keys.push({ table, columns, toColumns, target, definition: `foreign key (${list(columns)}) references ${target} (${list(toColumns)})` });
  }
  return keys;
}
