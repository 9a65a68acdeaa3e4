// Foreign keys. Those that other tables have to a table that is being replaced: they are taken away where they would keep it, and put back
// in the end. And those of the configuration: made with the table, and brought in line with it where the table stays; of these, dwt drops
// only what it named itself.
import { StatementFailure } from '../adapters/failures.ts';
import { type ForeignKey, foreignKeyName, type ForeignKeySql, isOwnForeignKeyName, readForeignKeys } from '../adapters/foreign-key.ts';
import { changed, cleanup, columnsOf, existing, nowReferenced, query, referenced, statement, type Steps, warn } from '../adapters/step.ts';
import { renderSql } from '../compile/compile.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { asList, asTexts, isReference } from '../project/config.ts';
import type { Relation } from '../project/relation.ts';
import { label, type Model, type Runnable } from '../project/resources.ts';
import { isMapping } from '../project/shape.ts';
import { aside } from './aside.ts';
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

/** Takes away what keeps rows of a table from being deleted. */
export function* releaseForeignKeys(env: CompileEnv, r: Relation): Steps<void> {
  for (const key of yield* foreignKeysTo(env, r)) yield* statement(sqlOf(env)!.drop(key.table, key.name));
}

/**
 * Does `work`, which deletes rows of the node's table that come back, while foreign keys point to them. Within the transaction the keys are away, or are not looked at; one that
 * does not hold afterwards is taken away, for `keepingForeignKeys` to say so. Where none is looked at, the table's own keys are, once the rows are in.
 */
export function* withoutForeignKeys<T>(env: CompileEnv, node: Model, work: () => Steps<T>): Steps<T> {
  const keys = yield* foreignKeysTo(env, node.relation);
  if (keys.length === 0) return yield* work();
  const sql = sqlOf(env)!;
  if (sql.unchecked === null) {
    return yield* alone(env, function* () {
      for (const key of keys) yield* statement(sql.drop(key.table, key.name));
      return yield* work();
    });
  }
  const own = readForeignKeys((yield* query(sql.of(node.relation))).rows, node.relation.database);
  yield* statement(sql.unchecked.before);
  try {
    const result = yield* work();
    for (const key of own) {
      const violation = yield* violationOf(env, { ...key, target: env.facts.dialect.relation(key.to) });
      if (violation !== null)
        fail('plan/bad-result', `The foreign key (${key.columns.join(', ')}) of ${label(node)} does not hold: ${violation}`, {
          config: { key: 'foreign_keys' },
        });
    }
    return result;
  } finally {
    yield* cleanup([sql.unchecked.after]);
  }
}

/** Does `work`, which may replace the node's table, and lets the foreign keys that point to it point to what stands there afterwards. */
export function* keepingForeignKeys<T>(env: CompileEnv, node: Keeper, keys: readonly ForeignKey[], work: () => Steps<T>): Steps<T> {
  if (keys.length === 0) return yield* work();
  let result: T;
  try {
    result = yield* work();
  } catch (e) {
    // Elsewhere the transaction is undone. What cannot be mended now is by the next run: the keys still point to the old table.
    if (!env.facts.capabilities.transactionalDdl) yield* quietly(() => alone(env, () => putBack(env, node, keys)));
    throw e;
  }
  yield* alone(env, () => putBack(env, node, keys));
  return result;
}

type Keeper = Runnable & { readonly relation: Relation };

function* quietly(work: () => Steps<void>): Steps<void> {
  try {
    yield* work();
  } catch (e) {
    if (!(e instanceof StatementFailure)) throw e;
  }
}

/** What an interrupted run has left where DDL is no transaction: an old table that foreign keys point to still. They are let point to the new one. */
export function* mendForeignKeys(env: CompileEnv, node: Keeper): Steps<void> {
  if (env.facts.capabilities.transactionalDdl || sqlOf(env) === null) return;
  const gone = aside(env, node.relation, '__dwt_old');
  if ((yield* existing(gone)) !== 'table' || (yield* existing(node.relation)) === null) return;
  const { relation } = env.facts.dialect;
  const keys = (yield* foreignKeysTo(env, gone)).map((k) => ({
    ...k,
    to: node.relation,
    definition: k.definition.replace(relation(gone), () => relation(node.relation)),
  }));
  if (keys.length === 0) return;
  yield* alone(env, () => putBack(env, node, keys));
  yield* nowReferenced(node.relation);
}

/**
 * Lets `keys` point to the node's table again. One that cannot is gone, and said. One of dwt's own that is no longer asked for stays away: where the
 * table it belongs to is built at the same time, that has dropped it already.
 */
function* putBack(env: CompileEnv, node: Keeper, keys: readonly ForeignKey[]): Steps<void> {
  const sql = sqlOf(env)!;
  const { dialect, capabilities } = env.facts;
  const gone = aside(env, node.relation, '__dwt_old');
  const isTable = (yield* existing(node.relation)) === 'table';
  const stand = readForeignKeys((yield* query(sql.pointingTo(node.relation))).rows, node.relation.database);
  const left = capabilities.transactionalDdl ? [] : readForeignKeys((yield* query(sql.pointingTo(gone))).rows, node.relation.database);
  const among = (all: readonly ForeignKey[], key: ForeignKey): boolean =>
    all.some((k) => k.name === key.name && dialect.relation(k.table) === dialect.relation(key.table));
  for (const key of keys) {
    // It may stand without holding: rows were exchanged while it was not looked at.
    if (isTable && among(stand, key) && (sql.unchecked === null || (yield* violationOf(env, { ...key, target: dialect.relation(key.to) })) === null)) continue;
    const unwanted = yield* isUnwanted(env, key);
    if (unwanted && among(stand, key)) continue;
    if (among([...stand, ...left], key)) yield* statement(sql.drop(key.table, key.name));
    if (unwanted) continue;
    const problem = isTable ? yield* attempt(env, sql, key) : 'what stands there is no table.';
    if (problem === null) continue;
    yield* warn(`The foreign key '${key.name}' of ${dialect.relation(key.table)} (${key.columns.join(', ')}) to ${label(node)} is gone: ${problem}`);
  }
  if (capabilities.transactionalDdl || (yield* existing(gone)) === null) return;
  yield* statement(dialect.drop(gone, 'table'));
  yield* changed(gone, null);
}

/** Whether dwt made a key for a model whose configuration asks for it no longer. */
function* isUnwanted(env: CompileEnv, key: ForeignKey): Steps<boolean> {
  if (!isOwnForeignKeyName(key.name)) return false;
  const name = env.facts.dialect.relation(key.table);
  for (const owner of env.graph.nodes.values())
    if (owner.type === 'model' && env.facts.dialect.relation(owner.relation) === name)
      return !(yield* declared(env, owner, owner.relation)).some((k) => isSame(env, key, k));
  return false;
}

/** Does `work` while no other session of dwt changes foreign keys. */
export function* alone<T>(env: CompileEnv, work: () => Steps<T>): Steps<T> {
  const around = sqlOf(env)?.alone;
  if (around === undefined) return yield* work();
  yield* statement(around.before);
  try {
    return yield* work();
  } finally {
    if (around.after !== null) yield* cleanup([around.after]);
  }
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
    const keys = yield* declared(env, node, r);
    yield* alone(env, function* () {
      for (const key of keys) yield* make(env, node, key);
    });
  };
}

/**
 * For the transaction that puts rows into the node's table, before it does: nobody changes foreign keys meanwhile, or this one alone where it will
 * itself. `deletes`: rows that others point to come and go.
 */
export function* holdForeignKeys(env: CompileEnv, node: Model, deletes: boolean): Steps<void> {
  const around = sqlOf(env)?.alone;
  if (around === undefined || around.rows === null || asList(node.config['foreign_keys']).length === 0) return;
  const { drop, missing } = yield* outOfLine(env, node);
  const changes = drop.length > 0 || missing.length > 0 || (deletes && (yield* foreignKeysTo(env, node.relation)).length > 0);
  yield* statement(changes ? around.before : around.rows);
}

/** Brings the foreign keys of a table that stays in line with the configuration; `surplus`: only takes away those that are no longer asked for, so that their columns can go. */
export function* alignForeignKeys(env: CompileEnv, node: Model, surplus = false): Steps<void> {
  const sql = sqlOf(env);
  if (sql === null) return;
  const seen = yield* outOfLine(env, node);
  if (seen.drop.length === 0 && (surplus || seen.missing.length === 0)) return;
  yield* alone(env, function* () {
    // What they point to may have been replaced meanwhile.
    const { drop, missing } = yield* outOfLine(env, node);
    for (const key of drop) yield* statement(sql.drop(node.relation, key.name));
    if (!surplus) for (const key of missing) yield* make(env, node, key);
  });
}

/** Which keys of the node's table are dwt's and no longer asked for, and which are asked for and not there. */
function* outOfLine(env: CompileEnv, node: Model): Steps<{ readonly drop: readonly ForeignKey[]; readonly missing: readonly Keyed[] }> {
  const keys = yield* declared(env, node, node.relation);
  const stand = readForeignKeys((yield* query(sqlOf(env)!.of(node.relation))).rows, node.relation.database);
  return {
    drop: stand.filter((key) => isOwnForeignKeyName(key.name) && !keys.some((k) => isSame(env, key, k))),
    missing: keys.filter((key) => !stand.some((k) => isSame(env, k, key))),
  };
}

function isSame(env: CompileEnv, a: ForeignKey, b: Keyed): boolean {
  return equal(a.columns, b.columns) && equal(a.toColumns, b.toColumns) && env.facts.dialect.relation(a.to) === b.target;
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}

function* make(env: CompileEnv, node: Model, key: Keyed): Steps<void> {
  const sql = sqlOf(env)!;
  const what = `The foreign key (${key.columns.join(', ')}) of ${label(node)}`;
  const refuse = (reason: string, help?: string): never =>
    fail('plan/bad-result', `${what} cannot be made: ${reason}`, { config: { key: 'foreign_keys' }, ...(help === undefined ? {} : { help }) });
  try {
    yield* checkColumns(node, key);
    const violation = sql.unchecked === null ? null : yield* violationOf(env, key);
    if (violation !== null) refuse(violation);
    yield* addUnchecked(sql, key.table, yield* freeName(env, sql, node, key.definition), key.definition);
  } catch (e) {
    if (!(e instanceof StatementFailure) || e.cancelled || e.disconnected || e.retryable) throw e;
    refuse(e.message, e.hint);
  }
}

/** Where a schema has each name once, the table that is about to be replaced has its names still. */
function* freeName(env: CompileEnv, sql: ForeignKeySql, node: Model, definition: string): Steps<string> {
  if (sql.unchecked === null) return foreignKeyName(definition, node.relation, '');
  const stand = readForeignKeys((yield* query(sql.of(node.relation))).rows, node.relation.database);
  for (let n = 0; ; n++) {
    const name = foreignKeyName(definition, node.relation, `${env.facts.invocationId} ${n}`);
    if (!stand.some((k) => k.name === name)) return name;
  }
}

function* checkColumns(node: Model, key: Keyed): Steps<void> {
  const have = ((yield* columnsOf(key.table)) ?? []).map((c) => c.name);
  const missing = key.columns.find((c) => !have.includes(c));
  if (missing === undefined) return;
  fail('plan/bad-result', `'${missing}' of foreign_keys is not a column of ${label(node)}.`, {
    config: { key: 'foreign_keys', text: missing },
    help: didYouMean(missing, have) ?? `Columns: ${have.join(', ')}.`,
  });
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
  // The tables themselves, with --empty too.
  const named = { ...env, flags: { ...env.flags, empty: false } };
  for (const entry of asList(node.config['foreign_keys'])) {
    if (!isMapping(entry)) continue;
    const columns = asTexts(entry['columns']);
    const toColumns = entry['to_columns'] === undefined ? columns : asTexts(entry['to_columns']);
    const to = String(entry['to']).trim();
    const itself = to === 'this' || to === env.facts.dialect.relation(node.relation);
    const target = itself
      ? env.facts.dialect.relation(table)
      : isReference(to)
        ? (yield* renderSql(named, node, `{{ ${to} }}`, `foreign_keys of ${label(node)}`)).trim()
        : to;
    if (!itself && (yield* isElsewhere(env, node, target))) continue;
    const list = (names: readonly string[]): string => names.map(quote).join(', ');
    keys.push({ table, columns, toColumns, target, definition: `foreign key (${list(columns)}) references ${target} (${list(toColumns)})` });
  }
  // Models that point to the same tables lock them in the same order.
  const once = [...new Map(keys.map((k) => [k.definition, k])).values()];
  return once.toSorted((a, b) => (a.target < b.target ? -1 : Number(a.target > b.target)));
}
