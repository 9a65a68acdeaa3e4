// incremental: the first run builds a table, later runs add to it or replace rows in it by key. New rows are computed
// aside in a temporary table, then applied in one transaction, so a failure leaves the table as it was.
// https://docs.getdbt.com/docs/build/incremental-strategy
import { columnsOf, existing, query, statement, type Steps } from '../adapters/step.ts';
import { renderSql } from '../compile/compile.ts';
import { compileQuery } from './query.ts';
import { wantsFullRefresh } from '../compile/runtime-names.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { asTexts } from '../project/config.ts';
import type { Model } from '../project/resources.ts';
import type { Relation } from '../project/relation.ts';
import { checkIncrementalColumns } from './configured-columns.ts';
import { refuseDuplicates } from './duplicates.ts';
import type { CompileEnv } from './env.ts';
import { describe } from './finish.ts';
import { alignForeignKeys, holdForeignKeys, withoutForeignKeys } from './foreign-keys.ts';
import { withHooks } from './hooks.ts';
import { alteredWithIndexes } from './indexes.ts';
import type { Outcome } from './outcome.ts';
import { applyOwn, findStrategy } from './own-strategy.ts';
import { missingPartitions, partitionsOf } from './partitions.ts';
import { atomically } from './replace.ts';
import { alignColumns } from './schema-change.ts';
import { buildTable } from './table.ts';
import { prepareJoin, temporaryName, withTemporary } from './temporary.ts';

export function* incremental(env: CompileEnv, node: Model): Steps<Outcome> {
  const partitions = partitionsOf(env, node);
  return yield* withHooks(env, node, function* (inTransaction) {
    const old = yield* existing(node.relation);
    const compiled = yield* compileQuery(env, node);
    if (old !== 'table' || wantsFullRefresh(env.flags, node)) {
      const rows = yield* buildTable(env, node, compiled.sql, partitions, inTransaction, NAMES_COLUMNS.some((k) => k in node.config) ? checked : undefined);
      yield* describe(env, node, node.relation, 'table');
      return { status: 'success', message: old === null ? 'incremental, built' : 'incremental, rebuilt', rows, compiled };
    }
    const fresh = temporaryName(env, node.relation, '__dwt_tmp');
    const rows = yield* withTemporary(env, [fresh], function* () {
      yield* statement(env.facts.dialect.createTableAs(fresh, compiled.sql, { temporary: true }));
      const have = yield* prepareJoin(env, fresh, asTexts(node.config['unique_key']));
      const keys = resolveKeys(
        node,
        have.map((c) => c.name),
      );
      if (strategyOf(node) === 'merge' && findStrategy(env, node, 'merge') === undefined) yield* refuseSeveralForOne(env, node, fresh, keys);
      const added = yield* missingPartitions(env, node, partitions, fresh);
      const early = added.length > 0 && !inTransaction;
      // Before the rows, in a transaction of their own: those who read the table wait for the partitions alone. A failure leaves them empty.
      if (early) yield* env.facts.capabilities.transactionalDdl ? atomically(false, () => addAll(added)) : addAll(added);
      if (!env.facts.capabilities.transactionalDdl && node.config['on_schema_change'] === 'sync_all_columns') yield* alignForeignKeys(env, node, true);
      return yield* alteredWithIndexes(
        env,
        node,
        inTransaction,
        function* () {
          yield* holdForeignKeys(env, node, strategyOf(node) === 'delete+insert');
          const columns = yield* alignColumns(env, node, fresh);
          if (!early) yield* addAll(added);
          return columns;
        },
        function* (columns) {
          const move = (): Steps<number | null> => apply(env, node, fresh, columns, keys);
          const applied = yield* strategyOf(node) === 'delete+insert' ? withoutForeignKeys(env, node, move) : move();
          if (env.facts.capabilities.transactionalDdl) yield* alignForeignKeys(env, node);
          return applied;
        },
      );
    });
    if (!env.facts.capabilities.transactionalDdl) yield* alignForeignKeys(env, node);
    yield* describe(env, node, node.relation, 'table');
    return { status: 'success', message: 'incremental', rows, compiled };
  });
}

function* addAll(partitions: readonly string[]): Steps<void> {
  for (const sql of partitions) yield* statement(sql);
}

/** Keys that name columns of the query. */
const NAMES_COLUMNS = ['unique_key', 'merge_update_columns', 'merge_exclude_columns'];

/** Names are right from the first run on, where they are not needed yet. */
function* checked(node: Model, built: Relation): Steps<void> {
  checkIncrementalColumns(
    node,
    ((yield* columnsOf(built)) ?? []).map((c) => c.name),
  );
}

/** Moves the new rows into the table by the model's strategy. Returns how many there were. */
function* apply(env: CompileEnv, node: Model, fresh: Relation, columns: readonly string[], resolved: readonly Key[]): Steps<number | null> {
  const { dialect } = env.facts;
  const keys = asTexts(node.config['unique_key']);
  const strategy = strategyOf(node);
  const own = findStrategy(env, node, strategy);
  if (own !== undefined) return (yield* applyOwn(env, node, own, fresh)).rows;
  const target = node.relation;
  const list = columns.map((c) => dialect.quote(c)).join(', ');
  const insert = dialect.insert(target, columns, `select ${list} from ${dialect.relation(fresh)}`);
  const predicates = yield* predicatesOf(env, node);
  switch (strategy) {
    case 'append':
      return (yield* statement(insert, true)).rows;
    case 'delete+insert':
      return yield* replaceRows();
    case 'merge': {
      if (keys.length === 0) return (yield* statement(insert, true)).rows;
      if (env.facts.capabilities.replacesFaster && (yield* overwritesAll(node, columns, resolved)) && !(yield* isPointedTo(env, target)))
        return yield* replaceRows();
      const on = [...resolved.map((k) => `${field('DBT_INTERNAL_SOURCE', k, dialect)} = ${field('DBT_INTERNAL_DEST', k, dialect)}`), ...predicates]
        .map((c) => `(${c})`)
        .join(' and ');
      let rows: number | null = null;
      for (const sql of dialect.merge({ target, source: fresh, on, updateColumns: updated(node, columns, keys), insertColumns: columns })) {
        const done = (yield* statement(sql, true)).rows;
        rows = done === null ? rows : (rows ?? 0) + done;
      }
      return rows;
    }
    default:
      return fail('parse/bad-config', `Model '${node.name}' has the incremental_strategy '${strategy}', which does not exist.`, {
        help: didYouMean(strategy, ['append', 'delete+insert', 'merge']) ?? 'Strategies: append, delete+insert, merge.',
      });
  }

  function* replaceRows(): Steps<number | null> {
    const found = resolved.map((k) => (k.isColumn ? dialect.quote(k.text) : k.text));
    if (keys.length > 0) yield* statement(dialect.deleteMatching({ target, source: fresh, keys: found, predicates }));
    return (yield* statement(insert, true)).rows;
  }
}

function* isPointedTo({ facts: { dialect } }: CompileEnv, target: Relation): Steps<boolean> {
  return dialect.pointedTo !== null && (yield* query(dialect.pointedTo(target), 1)).rows.length > 0;
}

/** Whether a merge leaves nothing of a row that it updates: then a new row in its place is the same. */
function* overwritesAll(node: Model, columns: readonly string[], keys: readonly Key[]): Steps<boolean> {
  if (keys.some((k) => !k.isColumn) || ['merge_update_columns', 'merge_exclude_columns'].some((k) => asTexts(node.config[k]).length > 0)) return false;
  const given = new Set(columns.map(lower));
  return ((yield* columnsOf(node.relation)) ?? []).every((c) => given.has(lower(c.name)));
}

function strategyOf(node: Model): string {
  return String(node.config['incremental_strategy'] ?? (asTexts(node.config['unique_key']).length > 0 ? 'delete+insert' : 'append'));
}

/** Two new rows of one key: a merge cannot say which of them is right, and engines differ in what they would do. Keys that are expressions are left to the engine. */
function* refuseSeveralForOne(env: CompileEnv, node: Model, fresh: Relation, keys: readonly Key[]): Steps<void> {
  if (keys.length === 0 || keys.some((k) => !k.isColumn)) return;
  const help = 'The strategy delete+insert takes all rows of a key.';
  yield* refuseDuplicates(
    env,
    node,
    fresh,
    keys.map((k) => ({ name: k.text, column: k.text })),
    { nulls: false, help },
  );
}

function updated(node: Model, columns: readonly string[], keys: readonly string[]): readonly string[] {
  const only = asTexts(node.config['merge_update_columns']).map(lower);
  const not = asTexts(node.config['merge_exclude_columns']).map(lower);
  const identity = new Set(keys.map(lower));
  return columns.filter((c) => (only.length > 0 ? only.includes(lower(c)) : !not.includes(lower(c)) && !identity.has(lower(c))));
}

const lower = (s: string): string => s.toLowerCase();

/** A key is a column, or, as dbt lets it be, an expression. */
function field(alias: string, { text, isColumn }: Key, dialect: CompileEnv['facts']['dialect']): string {
  return isColumn ? `${alias}.${dialect.quote(text)}` : text.startsWith('"') || text.startsWith('`') ? `${alias}.${text}` : text;
}

interface Key {
  readonly text: string;
  readonly isColumn: boolean;
}

/** The keys as the query spells its columns. What looks like an expression is a column all the same where there is one of that name. */
function resolveKeys(node: Model, have: readonly string[]): Key[] {
  checkIncrementalColumns(node, have);
  return asTexts(node.config['unique_key']).map((k) => {
    const column = have.find((c) => c === k) ?? have.find((c) => lower(c) === lower(k));
    if (column !== undefined) return { text: column, isColumn: true };
    return { text: k, isColumn: false };
  });
}

function* predicatesOf(env: CompileEnv, node: Model): Steps<string[]> {
  const out: string[] = [];
  for (const p of asTexts(node.config['incremental_predicates'])) out.push(yield* renderSql(env, node, p, `incremental_predicates of model '${node.name}'`));
  return out;
}
