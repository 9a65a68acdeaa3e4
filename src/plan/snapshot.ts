// snapshot: the history of a query's rows, a version each. The query is computed once aside (a plain table is read where it stands, where the
// engine shows it unchanged until the end), checked for duplicate keys before anything is touched, compared with the current versions in one pass,
// and applied in one transaction.
// Columns and meaning: https://docs.getdbt.com/docs/build/snapshots
import { columnsOf, existing, query, statement, type Steps } from '../adapters/step.ts';
import { compileQuery } from './query.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { bareName } from './configured-columns.ts';
import { asTexts } from '../project/config.ts';
import type { Column, Relation } from '../project/relation.ts';
import type { Snapshot } from '../project/resources.ts';
import { isMapping } from '../project/shape.ts';
import { refuseDuplicates } from './duplicates.ts';
import type { CompileEnv } from './env.ts';
import { alterTable } from './alter.ts';
import { describe } from './finish.ts';
import { withHooks } from './hooks.ts';
import { alteredWithIndexes, indexesOf } from './indexes.ts';
import type { Outcome } from './outcome.ts';
import { atomically, replaceTable } from './replace.ts';
import { widened } from './schema-change.ts';
import { CHANGED_AT, expression, hasNull, isTable, KEY, sourceQuery, textOrNull, THERE } from './snapshot-source.ts';
import { prepareJoin, temporaryName, withTemporary } from './temporary.ts';

interface Names {
  readonly from: string;
  readonly to: string;
  readonly id: string;
  readonly updatedAt: string;
  readonly deleted: string;
}

interface Plan {
  readonly env: CompileEnv;
  readonly node: Snapshot;
  readonly keys: readonly string[];
  readonly names: Names;
  readonly hardDeletes: 'ignore' | 'invalidate' | 'new_record';
  /** SQL of what dbt_valid_to holds in current versions, or null. */
  readonly openEnd: string | null;
  /** The query's rows, with keys and the moment of change as columns of their own. */
  readonly source: Relation;
  readonly sourceColumns: readonly Column[];
  /** What identifies a version that is open is its key, columns of the table without nulls; else its id, a text that takes longer to join by. */
  readonly byKey: boolean;
  /** Some key is null, so keys cannot be compared by `=`, the comparison that every engine joins by hash. */
  readonly nullKeys: boolean;
}

const SCD_ID = '__dwt_scd_id';
const CLOSES = '__dwt_closes';

export function* snapshot(env: CompileEnv, node: Snapshot): Steps<Outcome> {
  return yield* withHooks(env, node, function* (inTransaction) {
    const compiled = yield* compileQuery(env, node);
    const { dialect } = env.facts;
    const keys = asTexts(node.config['unique_key']);
    const source = temporaryName(env, node.relation, '__dwt_src');
    const { columns } = yield* query(dialect.limitQuery(compiled.sql, 0), 0);
    const rows = sourceQuery(env, node, keys, columns, compiled.sql);
    const { temporaryView } = dialect;
    const result =
      temporaryView !== null && (yield* isTable(env, node, compiled.sql))
        ? yield* atomically(inTransaction, function* () {
            yield* statement(temporaryView(source, rows));
            const made = yield* versions(env, node, keys, source, true);
            yield* statement(dialect.drop(source, 'view'));
            return made;
          })
        : yield* withTemporary(env, [source], function* () {
            yield* statement(dialect.createTableAs(source, rows, { temporary: true }));
            return yield* versions(env, node, keys, source, inTransaction);
          });
    yield* describe(env, node, node.relation, 'table');
    return { status: 'success', ...result, compiled };
  });
}

/** Writes the versions of what stands in `source`. */
function* versions(
  env: CompileEnv,
  node: Snapshot,
  keys: readonly string[],
  source: Relation,
  inTransaction: boolean,
): Steps<{ rows: number | null; message: string }> {
  const keyNames = keys.map((_, i) => `${KEY}${i}`);
  const all = yield* prepareJoin(env, source, keyNames);
  const nullKeys = yield* hasNull(env, source, keyNames);
  const sourceColumns = all.filter((c) => !c.name.startsWith('__dwt_'));
  const plan: Plan = {
    env,
    node,
    keys,
    names: namesOf(node),
    hardDeletes: hardDeletesOf(node),
    openEnd: textOrNull(node.config['dbt_valid_to_current']),
    source,
    sourceColumns,
    nullKeys,
    byKey: env.facts.dialect.temporaryView !== null && !nullKeys && keys.every((k) => sourceColumns.some((c) => c.name.toLowerCase() === k.toLowerCase())),
  };
  yield* refuseDuplicates(
    env,
    node,
    source,
    keys.map((name, i) => ({ name, column: `${KEY}${i}` })),
    { nulls: true },
  );
  const old = yield* existing(node.relation);
  return old === 'table' ? yield* nextVersions(plan, inTransaction) : yield* firstVersions(plan, inTransaction);
}

/** md5 of the key's columns and the moment, as dbt makes dbt_scd_id. */
function versionId(env: CompileEnv, keys: readonly string[], moment: string): string {
  const { dialect } = env.facts;
  const text = (e: string): string => `coalesce(${dialect.cast(e, dialect.type_string())}, '')`;
  return dialect.hash(dialect.concat([...keys.flatMap((k) => [text(k), "'|'"]), `coalesce(${dialect.momentText(moment)}, '')`]));
}

/** The id of a source row's version. Made for versions that are written: a hash of every row takes as long as comparing them. */
function idOf({ env, keys }: Plan, alias: string): string {
  const q = (c: string): string => `${alias}.${env.facts.dialect.quote(c)}`;
  return versionId(
    env,
    keys.map((_, i) => q(`${KEY}${i}`)),
    q(CHANGED_AT),
  );
}

/** The first run: every row is a version. */
function* firstVersions(plan: Plan, inTransaction: boolean): Steps<{ rows: number | null; message: string }> {
  const { env, node, source } = plan;
  const { dialect } = env.facts;
  const finish = indexesOf(env, node);
  const select = `select\n    ${versionColumns(plan, 's')
    .map(([name, e]) => `${e} as ${dialect.quote(name)}`)
    .join(',\n    ')}\nfrom ${dialect.relation(source)} s`;
  const made = yield* replaceTable(env, node.relation, (r, orReplace) => statement(dialect.createTableAs(r, select, { orReplace }), true), {
    inTransaction,
    ...(finish === undefined ? {} : { finish }),
  });
  return { rows: made.rows, message: 'snapshot, first versions' };
}

/** Columns of a new version, over the source rows under an alias. */
function versionColumns(plan: Plan, alias: string, own?: { readonly from: string; readonly id: string }): (readonly [string, string])[] {
  const { env, names, sourceColumns, openEnd, hardDeletes } = plan;
  const q = (c: string): string => `${alias}.${env.facts.dialect.quote(c)}`;
  const moment = own?.from ?? q(CHANGED_AT);
  const open = openEnd === null ? `nullif(${moment}, ${moment})` : `coalesce(nullif(${moment}, ${moment}), ${openEnd})`;
  return [
    ...sourceColumns.map((c) => [c.name, q(c.name)] as const),
    [names.id, own?.id ?? idOf(plan, alias)],
    [names.updatedAt, q(CHANGED_AT)],
    [names.from, moment],
    [names.to, open],
    ...(hardDeletes === 'new_record' ? [[names.deleted, "'False'"] as const] : []),
  ];
}

/** Later runs: changed and new rows get versions, what they replace is closed, vanished keys as hard_deletes says. */
function* nextVersions(plan: Plan, inTransaction: boolean): Steps<{ rows: number | null; message: string }> {
  const { env, node } = plan;
  const target = node.relation;
  const before = (yield* columnsOf(target)) ?? [];
  checkTarget(plan, before);
  const staged = temporaryName(env, target, '__dwt_tmp');
  // Inputs that were emptied for a trial (--empty) say nothing of what is gone.
  const gone = plan.hardDeletes === 'ignore' || env.flags.empty ? null : temporaryName(env, target, '__dwt_del');
  return yield* withTemporary(env, gone === null ? [staged] : [staged, gone], () => applyChanges(plan, before, staged, gone, inTransaction));
}

/** Stages the changes, then writes them in one transaction. */
function* applyChanges(
  plan: Plan,
  before: readonly Column[],
  staged: Relation,
  gone: Relation | null,
  inTransaction: boolean,
): Steps<{ rows: number | null; message: string }> {
  const { env, node, names } = plan;
  const { dialect } = env.facts;
  const target = node.relation;
  const have = new Map(before.map((c) => [c.name.toLowerCase(), c]));
  const added = plan.sourceColumns.filter((c) => !have.has(c.name.toLowerCase()));
  yield* statement(dialect.createTableAs(staged, changesQuery(plan, before), { temporary: true }));
  if (gone !== null) yield* statement(dialect.createTableAs(gone, vanishedQuery(plan, before), { temporary: true }));
  for (const table of gone === null ? [staged] : [staged, gone]) yield* prepareJoin(env, table, [CLOSES]);
  let rows = 0;
  let closed = 0;
  const alter = (): Steps<void> => alterTable(env, node, before, { add: added, retype: widened(dialect, have, plan.sourceColumns) });
  yield* alteredWithIndexes(env, node, inTransaction, alter, function* () {
    const closes = dialect.quote(CLOSES);
    closed +=
      (yield* statement(
        dialect.updateFrom({
          target,
          source: staged,
          set: [[names.to, `DBT_INTERNAL_SOURCE.${dialect.quote(names.from)}`]],
          on: `${plan.byKey ? sameKeys(plan) : `DBT_INTERNAL_DEST.${dialect.quote(names.id)} = DBT_INTERNAL_SOURCE.${closes}`} and ${stillOpen(plan)}`,
        }),
      )).rows ?? 0;
    const columns = versionColumns(plan, 's').map(([name]) => name);
    const list = columns.map((c) => dialect.quote(c)).join(', ');
    rows += (yield* statement(dialect.insert(target, columns, `select ${list} from ${dialect.relation(staged)}`), true)).rows ?? 0;
    if (gone === null) return;
    // While the version that goes is open: an earlier one may have its id, where updated_at did not move.
    if (plan.hardDeletes === 'new_record') rows += (yield* statement(insertDeleted(plan, before, gone))).rows ?? 0;
    closed +=
      (yield* statement(
        dialect.updateFrom({
          target,
          source: gone,
          set: [[names.to, `DBT_INTERNAL_SOURCE.${dialect.quote(CHANGED_AT)}`]],
          on: `DBT_INTERNAL_DEST.${dialect.quote(names.id)} = DBT_INTERNAL_SOURCE.${dialect.quote(CLOSES)} and ${stillOpen(plan)}`,
        }),
      )).rows ?? 0;
  });
  return { rows, message: rows === 0 && closed === 0 ? 'snapshot, unchanged' : `snapshot, ${closed} closed` };
}

/** The keys of a version are those of a staged row. */
function sameKeys({ env, keys, sourceColumns }: Plan): string {
  const quoted = keys.map((k) => expression(env, k, sourceColumns));
  return quoted.map((k) => `DBT_INTERNAL_DEST.${k} = DBT_INTERNAL_SOURCE.${k}`).join(' and ');
}

const DEST = 'd';
const SRC = 's';
const GONE = 'p';

/** Only a version that is open is ever closed: what is history stays as it is, whatever its id. */
function stillOpen({ env, names, openEnd }: Plan, alias = 'DBT_INTERNAL_DEST'): string {
  const to = `${alias}.${env.facts.dialect.quote(names.to)}`;
  return `(${to} is null${openEnd === null ? '' : ` or ${to} = ${openEnd}`})`;
}

function currentRows(plan: Plan): string {
  const { env, names, node, openEnd } = plan;
  const { dialect } = env.facts;
  const to = dialect.quote(names.to);
  const keys = plan.keys.map((k, i) => `${expression(env, k, plan.sourceColumns)} as ${dialect.quote(`${KEY}${i}`)}`);
  return `select t.*, ${keys.join(', ')} from ${dialect.relation(node.relation)} t where ${to} is null${openEnd === null ? '' : ` or ${to} = ${openEnd}`}`;
}

/** The keys of `alias` are those of a row of the source. */
function keysMatch({ env, keys, nullKeys }: Plan, alias: string): string {
  const { dialect } = env.facts;
  return keys
    .map((_, i) => {
      const [a, b] = [alias, SRC].map((t) => `${t}.${dialect.quote(`${KEY}${i}`)}`) as [string, string];
      return nullKeys ? dialect.isNotDistinctFrom(a, b) : `${a} = ${b}`;
    })
    .join(' and ');
}

/** New versions: rows without a current version, and rows that differ from theirs, with the id of the version each closes. */
function changesQuery(plan: Plan, before: readonly Column[]): string {
  const { env, names, source, hardDeletes } = plan;
  const { dialect } = env.facts;
  const dest = (c: string): string => `${DEST}.${dialect.quote(c)}`;
  const src = (c: string): string => `${SRC}.${dialect.quote(c)}`;
  const back = hardDeletes === 'new_record' ? `${dest(names.deleted)} = 'True'` : null;
  const gone = back !== null ? dest(names.from) : hardDeletes === 'invalidate' ? `${GONE}.${dialect.quote(CHANGED_AT)}` : null;
  // A row that comes back after its deletion was seen, with a date before that, is valid from now, when it is seen to be back; its next change
  // may have a date before that in turn. So a version begins when the one that it follows does, at the earliest.
  const returned = gone === null ? null : `${back === null ? '' : `${back} and `}${src(CHANGED_AT)} < ${gone}`;
  const now = nowOf(plan, before);
  const overtakes = `${src(CHANGED_AT)} < ${dest(names.from)}`;
  const own = {
    from: `case ${returned === null ? '' : `when ${returned} then ${now} `}when ${overtakes} then ${dest(names.from)} else ${src(CHANGED_AT)} end`,
    id:
      returned === null
        ? idOf(plan, SRC)
        : `case when ${returned} then ${dialect.hash(dialect.concat([idOf(plan, SRC), "'|'", dialect.momentText(now)]))} else ${idOf(plan, SRC)} end`,
  };
  const columns = versionColumns(plan, SRC, own).map(([name, e]) => `${e} as ${dialect.quote(name)}`);
  const differs = [changedCondition(plan, before), ...(back === null ? [] : [back])].join(' or ');
  const joins = `left join (\n    ${currentRows(plan)}\n) ${DEST} on ${keysMatch(plan, DEST)}${hardDeletes === 'invalidate' ? closedKeys(plan) : ''}`;
  const closes = plan.byKey ? [] : [`${dest(names.id)} as ${dialect.quote(CLOSES)}`];
  return `select\n    ${[...columns, ...closes].join(',\n    ')}\nfrom ${dialect.relation(source)} ${SRC}\n${joins}\nwhere ${isNew(plan)} or ${differs}`;
}

/** A row of the source has no current version. */
function isNew({ env, names, byKey }: Plan): string {
  return `${DEST}.${env.facts.dialect.quote(byKey ? `${KEY}0` : names.id)} is null`;
}

/** When each key without a current version was last seen to go. */
function closedKeys(plan: Plan): string {
  const { env, names, node, openEnd, keys } = plan;
  const { dialect } = env.facts;
  const to = dialect.quote(names.to);
  const columns = keys.map((k, i) => `${expression(env, k, plan.sourceColumns)} as ${dialect.quote(`${KEY}${i}`)}`).join(', ');
  const positions = keys.map((_, i) => i + 1).join(', ');
  const closed = `${to} is not null${openEnd === null ? '' : ` and ${to} <> ${openEnd}`}`;
  return `\nleft join (\n    select ${columns}, max(${to}) as ${dialect.quote(CHANGED_AT)} from ${dialect.relation(node.relation)} where ${closed} group by ${positions}\n) ${GONE} on ${keysMatch(plan, GONE)} and ${isNew(plan)}`;
}

/** The columns that the strategy `check` compares. */
function checkedColumns({ node, sourceColumns }: Plan): readonly Column[] {
  if (node.config['check_cols'] === 'all') return sourceColumns;
  return asTexts(node.config['check_cols']).flatMap((written) => {
    const c = bareName(written);
    const column = sourceColumns.find((s) => s.name === c) ?? sourceColumns.find((s) => s.name.toLowerCase() === c.toLowerCase());
    return column ?? [];
  });
}

function changedCondition(plan: Plan, before: readonly Column[]): string {
  const { env, node, names } = plan;
  const { dialect } = env.facts;
  // Not dbt_valid_from: that of a row that came back is later than its own date.
  if (node.config['strategy'] === 'timestamp') return `${DEST}.${dialect.quote(names.updatedAt)} < ${SRC}.${dialect.quote(CHANGED_AT)}`;
  const have = new Map(before.map((c) => [c.name.toLowerCase(), c.name]));
  const conditions = checkedColumns(plan).map((column) => {
    const old = have.get(column.name.toLowerCase());
    // A column that is new in the query makes every row a changed one.
    return old === undefined ? '1 = 1' : dialect.isDistinctFrom(`${DEST}.${dialect.quote(old)}`, `${SRC}.${dialect.quote(column.name)}`);
  });
  return `(${conditions.join(' or ')})`;
}

/** This moment in the type of what says from when a version is valid. A session's zone decides what a moment without one is in a type with one. */
function nowOf({ env, names }: Plan, before: readonly Column[]): string {
  const { dialect } = env.facts;
  const type = before.find((c) => c.name.toLowerCase() === names.from.toLowerCase())?.type;
  if (type === undefined) return dialect.currentTimestampUtc();
  return /with time zone|timestamptz/i.test(type) ? 'current_timestamp' : dialect.cast(dialect.currentTimestampUtc(), type);
}

/** Current versions whose key the source no longer has. */
function vanishedQuery(plan: Plan, before: readonly Column[]): string {
  const { env, names, source, hardDeletes, keys } = plan;
  const { dialect } = env.facts;
  const dest = (c: string): string => `${DEST}.${dialect.quote(c)}`;
  const alive = hardDeletes === 'new_record' ? ` and ${dest(names.deleted)} = 'False'` : '';
  const now = nowOf(plan, before);
  return `select ${dest(names.id)} as ${dialect.quote(CLOSES)}, ${now} as ${dialect.quote(CHANGED_AT)},\n    ${versionId(
    env,
    keys.map((_, i) => dest(`${KEY}${i}`)),
    now,
  )} as ${dialect.quote(SCD_ID)}\nfrom (\n    ${currentRows(plan)}\n) ${DEST}\nleft join ${dialect.relation(source)} ${SRC} on ${keysMatch(plan, DEST)}\nwhere ${SRC}.${dialect.quote(THERE)} is null${alive}`;
}

/** hard_deletes: new_record writes a version that says the row is gone. */
function insertDeleted(plan: Plan, before: readonly Column[], gone: Relation): string {
  const { env, names, node, openEnd } = plan;
  const { dialect } = env.facts;
  const g = (c: string): string => `g.${dialect.quote(c)}`;
  const moment = g(CHANGED_AT);
  const special: Record<string, string> = {
    [names.id]: g(SCD_ID),
    [names.updatedAt]: moment,
    [names.from]: moment,
    [names.to]: openEnd ?? 'null',
    [names.deleted]: "'True'",
  };
  const columns = before.map((c) => c.name);
  const given = new Set(plan.sourceColumns.map((c) => c.name.toLowerCase()));
  // A column that has left the query is null in every new version.
  const select = columns.map((c) => special[c] ?? (given.has(c.toLowerCase()) ? `t.${dialect.quote(c)}` : 'null')).join(', ');
  return dialect.insert(
    node.relation,
    columns,
    `select ${select} from ${dialect.relation(gone)} g join ${dialect.relation(node.relation)} t on t.${dialect.quote(names.id)} = ${g(CLOSES)} and ${stillOpen(plan, 't')}`,
  );
}

function checkTarget(plan: Plan, before: readonly Column[]): void {
  const { names, node, hardDeletes } = plan;
  const have = new Set(before.map((c) => c.name.toLowerCase()));
  const needed = [names.id, names.updatedAt, names.from, names.to, ...(hardDeletes === 'new_record' ? [names.deleted] : [])];
  const missing = needed.filter((n) => !have.has(n.toLowerCase()));
  if (missing.length > 0) {
    fail('plan/bad-result', `The table of snapshot '${node.name}' has no column ${missing.map((m) => `'${m}'`).join(', ')}, so it cannot be continued.`, {
      help: 'If snapshot_meta_column_names or hard_deletes changed since it was made, set them back, or rename and add the columns by hand: its history cannot be rebuilt.',
    });
  }
}

function namesOf(node: Snapshot): Names {
  const own = isMapping(node.config['snapshot_meta_column_names']) ? node.config['snapshot_meta_column_names'] : {};
  const name = (k: string): string => String(own[k] ?? k);
  return { from: name('dbt_valid_from'), to: name('dbt_valid_to'), id: name('dbt_scd_id'), updatedAt: name('dbt_updated_at'), deleted: name('dbt_is_deleted') };
}

function hardDeletesOf(node: Snapshot): Plan['hardDeletes'] {
  const own = node.config['hard_deletes'];
  if (own === 'invalidate' || own === 'new_record' || own === 'ignore') return own;
  return node.config['invalidate_hard_deletes'] === true ? 'invalidate' : 'ignore';
}
