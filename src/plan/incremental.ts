// incremental: the first run builds a table, later runs add to it or replace rows in it by key. New rows are computed
// aside in a temporary table, then applied in one transaction, so a failure leaves the table as it was.
// https://docs.getdbt.com/docs/build/incremental-strategy
import { columnsOf, existing, statement, type Steps } from '../adapters/step.ts';
import { renderSql } from '../compile/compile.ts';
import { compileQuery } from './query.ts';
import { wantsFullRefresh } from '../compile/runtime-names.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { asTexts } from '../project/config.ts';
import type { Model } from '../project/resources.ts';
import type { Relation } from '../project/relation.ts';
import type { CompileEnv } from './env.ts';
import { describe } from './finish.ts';
import { alignForeignKeys } from './foreign-keys.ts';
import { withHooks } from './hooks.ts';
import { alteredWithIndexes } from './indexes.ts';
import type { Outcome } from './outcome.ts';
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
      const rows = yield* buildTable(env, node, compiled.sql, partitions, inTransaction);
      yield* describe(env, node, node.relation, 'table');
      return { status: 'success', message: old === null ? 'incremental, built' : 'incremental, rebuilt', rows, compiled };
    }
    const fresh = temporaryName(env, node.relation, '__dwt_tmp');
    const rows = yield* withTemporary(env, [fresh], function* () {
      yield* statement(env.facts.dialect.createTableAs(fresh, compiled.sql, { temporary: true }));
      yield* prepareJoin(env, fresh, asTexts(node.config['unique_key']));
      const added = yield* missingPartitions(env, node, partitions, fresh);
      const early = added.length > 0 && !inTransaction;
      // Before the rows, in a transaction of their own: those who read the table wait for the partitions alone. A failure leaves them empty.
      if (early) yield* env.facts.capabilities.transactionalDdl ? atomically(false, () => addAll(added)) : addAll(added);
      return yield* alteredWithIndexes(
        env,
        node,
        inTransaction,
        function* () {
          const columns = yield* alignColumns(env, node, fresh, node.relation);
          if (!early) yield* addAll(added);
          return columns;
        },
        function* (columns) {
          const applied = yield* apply(env, node, fresh, columns);
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

/** Moves the new rows into the table by the model's strategy. Returns how many there were. */
function* apply(env: CompileEnv, node: Model, fresh: Relation, columns: readonly string[]): Steps<number | null> {
  const { dialect } = env.facts;
  const keys = asTexts(node.config['unique_key']);
  const strategy = String(node.config['incremental_strategy'] ?? (keys.length > 0 ? 'delete+insert' : 'append'));
  const target = node.relation;
  const list = columns.map((c) => dialect.quote(c)).join(', ');
  const insert = dialect.insert(target, columns, `select ${list} from ${dialect.relation(fresh)}`);
  const predicates = yield* predicatesOf(env, node);
  const resolved = keys.length > 0 ? yield* resolveKeys(node, keys, fresh) : [];
  switch (strategy) {
    case 'append':
      return (yield* statement(insert, true)).rows;
    case 'delete+insert': {
      if (keys.length > 0)
        yield* statement(
          dialect.deleteMatching({ target, source: fresh, keys: resolved.map((k) => (k.isColumn ? dialect.quote(k.text) : k.text)), predicates }),
        );
      return (yield* statement(insert, true)).rows;
    }
    case 'merge': {
      if (keys.length === 0) return (yield* statement(insert, true)).rows;
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
}

function updated(node: Model, columns: readonly string[], keys: readonly string[]): readonly string[] {
  const only = asTexts(node.config['merge_update_columns']).map(lower);
  const not = asTexts(node.config['merge_exclude_columns']).map(lower);
  const identity = new Set(keys.map(lower));
  return columns.filter((c) => (only.length > 0 ? only.includes(lower(c)) : !not.includes(lower(c)) && !identity.has(lower(c))));
}

const lower = (s: string): string => s.toLowerCase();

const isName = (key: string): boolean => /^[\p{L}_][\p{L}\p{N}_$ ]*$/u.test(key);

/** A key is a column, or, as dbt lets it be, an expression. */
function field(alias: string, { text, isColumn }: Key, dialect: CompileEnv['facts']['dialect']): string {
  return isColumn ? `${alias}.${dialect.quote(text)}` : text.startsWith('"') || text.startsWith('`') ? `${alias}.${text}` : text;
}

interface Key {
  readonly text: string;
  readonly isColumn: boolean;
}

/** The keys as the query spells its columns. What looks like an expression is a column all the same where there is one of that name. */
function* resolveKeys(node: Model, keys: readonly string[], fresh: Relation): Steps<Key[]> {
  const have = ((yield* columnsOf(fresh)) ?? []).map((c) => c.name);
  return keys.map((k) => {
    const column = have.find((c) => c === k) ?? have.find((c) => lower(c) === lower(k));
    if (column !== undefined) return { text: column, isColumn: true };
    if (!isName(k)) return { text: k, isColumn: false };
    return fail('plan/bad-result', `unique_key '${k}' is not a column of model '${node.name}'.`, {
      config: { key: 'unique_key', text: k },
      help: didYouMean(k, have) ?? `Columns: ${have.join(', ')}.`,
    });
  });
}

function* predicatesOf(env: CompileEnv, node: Model): Steps<string[]> {
  const out: string[] = [];
  for (const p of asTexts(node.config['incremental_predicates'])) out.push(yield* renderSql(env, node, p, `incremental_predicates of model '${node.name}'`));
  return out;
}
