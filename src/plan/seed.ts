// seed: a CSV file streams into a table built aside, which then takes the old one's place. Where views are bound to the
// table itself (PostgreSQL) and its columns stayed, the rows are exchanged instead, so that the views live on.
import { columnsOf, existing, load, statement, type Steps } from '../adapters/step.ts';
import { join } from 'node:path';
import type { Relation } from '../project/relation.ts';
import { isMapping } from '../project/shape.ts';
import type { Seed } from '../project/resources.ts';
import { wantsFullRefresh } from '../compile/runtime-names.ts';
import type { CompileEnv } from './env.ts';
import { describe } from './finish.ts';
import { releaseForeignKeys } from './foreign-keys.ts';
import { withHooks } from './hooks.ts';
import { alteredWithIndexes, indexesOf } from './indexes.ts';
import type { Outcome } from './outcome.ts';
import { replaceTable } from './replace.ts';
import { temporaryName, withTemporary } from './temporary.ts';

export function* seed(env: CompileEnv, node: Seed): Steps<Outcome> {
  return yield* withHooks(env, node, function* (inTransaction) {
    const rows = (yield* exchangeRows(env, node, inTransaction)) ?? (yield* replace(env, node, inTransaction));
    yield* describe(env, node, node.relation, 'table');
    return { status: 'success', message: 'seed', rows };
  });
}

function loadInto(env: CompileEnv, node: Seed, relation: Relation, how: { temporary?: boolean; replace?: boolean }): Steps<{ rows: number | null }> {
  const types = isMapping(node.config['column_types']) ? node.config['column_types'] : {};
  return load({
    relation,
    ...how,
    ...(node.config['unlogged'] === true && how.temporary !== true ? { unlogged: true } : {}),
    path: join(env.root, node.file),
    displayPath: node.file,
    delimiter: String(node.config['delimiter'] ?? ','),
    columnTypes: Object.fromEntries(Object.entries(types).map(([k, v]) => [k, String(v)])),
    ...(env.flags.empty ? { empty: true } : {}),
    ...(node.config['quote_columns'] === true ? { quoteColumns: true } : {}),
  });
}

function* replace(env: CompileEnv, node: Seed, inTransaction: boolean): Steps<number | null> {
  const finish = indexesOf(env, node);
  const made = yield* replaceTable(env, node.relation, (r, orReplace) => loadInto(env, node, r, orReplace ? { replace: true } : {}), {
    inTransaction,
    ...(finish === undefined ? {} : { finish }),
  });
  return made.rows;
}

/** Keeps the table and exchanges its rows; null where that is not possible or not needed. */
function* exchangeRows(env: CompileEnv, node: Seed, inTransaction: boolean): Steps<number | null> {
  const { dialect, capabilities } = env.facts;
  if (capabilities.lateBindingViews || wantsFullRefresh(env.flags, node)) return null;
  if ((yield* existing(node.relation)) !== 'table') return null;
  const fresh = temporaryName(env, node.relation, '__dwt_tmp');
  return yield* withTemporary(env, [fresh], function* () {
    const { rows } = yield* loadInto(env, node, fresh, { temporary: true });
    const now = (yield* columnsOf(fresh)) ?? [];
    const before = (yield* columnsOf(node.relation)) ?? [];
    const same = now.length === before.length && now.every((c, i) => c.name === before[i]!.name && c.type === before[i]!.type);
    if (!same) return null;
    const names = now.map((c) => c.name);
    const list = names.map((c) => dialect.quote(c)).join(', ');
    const exchange = function* (): Steps<void> {
      yield* releaseForeignKeys(env, node.relation);
      yield* statement(dialect.truncate(node.relation));
      yield* statement(dialect.insert(node.relation, names, `select ${list} from ${dialect.relation(fresh)}`), true);
    };
    yield* alteredWithIndexes(env, node, inTransaction, function* () {}, exchange);
    return rows;
  });
}
