// Tables that are partitioned by days, months or years of a field: `partition_by`. Built anew, the query's rows go into a temporary table,
// which tells the columns and the periods there are; a table that stays gets the partitions of new periods before their rows.
import { createHash } from 'node:crypto';
import type { IndexSpec, Outcome, PartitionSql } from '../adapters/adapter.ts';
import { DIGITS, type FieldKind, type Granularity, type Period, periodOf, type StandingPartitions } from '../adapters/partition.ts';
import { columnsOf, query, statement, type Steps, warn } from '../adapters/step.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import type { Relation } from '../project/relation.ts';
import { label, type Model } from '../project/resources.ts';
import type { CompileEnv } from './env.ts';

/** The configuration, with its defaults, on an engine that has partitions. */
export interface PartitionBy {
  readonly sql: PartitionSql;
  readonly field: string;
  readonly kind: FieldKind;
  readonly granularity: Granularity;
}

type Written = string | { field: string; data_type?: string; granularity?: string; range?: unknown };

/** What is written for other engines: ranges of integers, hours, lists of columns. */
function meansNothingHere(config: Written | readonly string[]): config is readonly string[] {
  return typeof config !== 'string' && ('length' in config || config.range !== undefined || config.granularity?.toLowerCase() === 'hour');
}

const lower = (s: string): string => s.toLowerCase();

/** How the model's table is to be partitioned: null where it is not, or the engine has no partitions. Refuses indexes that no partitioned table can have. */
export function partitionsOf(env: CompileEnv, node: Model): PartitionBy | null {
  const sql = partitionSql(env);
  const config = node.config['partition_by'] as Written | null | undefined;
  if (sql === null || config === undefined || config === null || meansNothingHere(config)) return null;
  const { field, data_type: type, granularity } = typeof config === 'string' ? { field: config } : config;
  const indexes = Array.isArray(node.config['indexes']) ? (node.config['indexes'] as readonly IndexSpec[]) : [];
  const wrong = indexes.find((i) => i.unique === true && !i.columns.some((c) => lower(c) === lower(field)));
  if (wrong !== undefined) {
    fail('parse/bad-config', `The unique index of ${label(node)} on (${wrong.columns.join(', ')}) lacks '${field}', by which its table is partitioned.`, {
      config: { key: 'indexes' },
      help: `Rows are kept unique within each partition alone: add '${field}' to the index, or take out 'unique' or 'partition_by'.`,
    });
  }
  return { sql, field, kind: lower(type ?? 'date').startsWith('int') ? 'int' : 'moment', granularity: lower(granularity ?? 'month') as Granularity };
}

/** Makes the partitioned table `r` of the rows of `source`. */
export function* createPartitioned(env: CompileEnv, node: Model, by: PartitionBy, source: Relation, r: Relation): Steps<Outcome> {
  const { dialect } = env.facts;
  const columns = (yield* columnsOf(source)) ?? [];
  const field = yield* checkedField(env, node, by, source);
  const periods = yield* periodsIn(node, by, source, field);
  checkCount(env, node, by, field, periods, 0);
  const build = createHash('md5')
    .update(JSON.stringify([env.facts.invocationId, node.relation.schema, node.relation.identifier]))
    .digest('hex')
    .slice(0, 8);
  const options = { like: source, field, kind: by.kind, periods, named: node.relation, build, unlogged: node.config['unlogged'] === true };
  for (const sql of by.sql.create(r, options)) yield* statement(sql);
  const names = columns.map((c) => c.name);
  return yield* statement(dialect.insert(r, names, `select ${names.map((n) => dialect.quote(n)).join(', ')} from ${dialect.relation(source)}`), true);
}

/** What gives the model's standing table a partition for each period of the rows that are to come, by the periods it has; says where these are not those configured. */
export function* missingPartitions(env: CompileEnv, node: Model, by: PartitionBy | null, source: Relation): Steps<readonly string[]> {
  const sql = partitionSql(env);
  if (sql === null) return [];
  if (by !== null) yield* checkedField(env, node, by, source);
  const stands = sql.readStanding((yield* query(sql.standing(node.relation))).rows);
  const difference = differs(by, stands);
  if (difference !== null) {
    yield* warn(`The table of ${label(node)} ${difference}, until it is built anew: dwt run --full-refresh --select ${node.name}`);
  }
  const granularity = stands?.granularity ?? by?.granularity;
  if (stands === null || granularity === undefined) return [];
  const kindOf = function* (r: Relation): Steps<FieldKind | null> {
    const type = ((yield* columnsOf(r)) ?? []).find((c) => c.name === stands.field)?.type;
    return type === undefined ? null : sql.fieldKind(type);
  };
  const kind = yield* kindOf(node.relation);
  if (kind === null || kind !== (yield* kindOf(source))) return [];
  const has = new Set(stands.periods.map((p) => p.name));
  const periods = (yield* periodsIn(node, { sql, kind, granularity }, source, stands.field)).filter((p) => !has.has(p.name));
  checkCount(env, node, { sql, granularity }, stands.field, periods, has.size);
  return sql.add(node.relation, stands, periods, kind, node.config['unlogged'] === true);
}

/** Refuses more partitions than the engine has room for, with what would fit. */
function checkCount(
  env: CompileEnv,
  node: Model,
  { sql, granularity }: Pick<PartitionBy, 'sql' | 'granularity'>,
  field: string,
  periods: readonly Period[],
  standing: number,
): void {
  if (periods.length <= sql.mostAtOnce && periods.length + standing <= sql.most) return;
  const count = (g: Granularity): number => new Set(periods.map((p) => p.name.slice(0, DIGITS[g]))).size;
  const coarser = (['month', 'year'] as const).filter((g) => DIGITS[g] < DIGITS[granularity] && count(g) <= sql.mostAtOnce);
  const most = periods.length > sql.mostAtOnce ? `${sql.mostAtOnce} partitions in one go` : `${sql.most} partitions`;
  const has = standing === 0 ? '' : `, beside ${standing} that its table has`;
  fail('plan/bad-result', `The rows of ${label(node)} have ${periods.length} ${granularity}s of '${field}'${has}; ${env.facts.engine} takes ${most}.`, {
    config: { key: 'partition_by' },
    help:
      coarser.length > 0
        ? `Set granularity to ${coarser.map((g) => `'${g}' (${count(g)} partitions)`).join(' or ')}${standing === 0 ? '' : ', and build the table anew with --full-refresh'}.`
        : `From ${periods[0]!.from} to ${periods.at(-1)!.from}: look whether all of them are meant.`,
  });
}

function partitionSql(env: CompileEnv): PartitionSql | null {
  return env.facts.capabilities.partitions ? env.facts.dialect.partitions : null;
}

/** The field as the query spells it; refuses what is no column, or none that a table can be partitioned by. */
function* checkedField(env: CompileEnv, node: Model, by: PartitionBy, source: Relation): Steps<string> {
  const columns = (yield* columnsOf(source)) ?? [];
  const names = columns.map((c) => c.name);
  const column = columns.find((c) => c.name === by.field) ?? columns.find((c) => lower(c.name) === lower(by.field));
  if (column === undefined) {
    return fail('plan/bad-result', `The field '${by.field}' of partition_by is not a column of ${label(node)}.`, {
      config: { key: 'partition_by', text: by.field },
      help: didYouMean(by.field, names) ?? `Columns: ${names.join(', ')}.`,
    });
  }
  const kind = by.sql.fieldKind(column.type);
  if (kind !== by.kind) {
    const help =
      kind === 'int'
        ? "Set data_type to 'int' where its numbers are days as yyyymmdd, or cast it to a date."
        : kind === 'moment'
          ? "Leave data_type out, or set it to 'date' or 'timestamp'."
          : by.kind === 'int'
            ? 'Cast it to an integer.'
            : `Cast it to ${env.facts.dialect.type_timestamp()} or date.`;
    const expected = by.kind === 'int' ? 'an integer' : 'a date or a timestamp that a table can be partitioned by';
    return fail('plan/bad-result', `The field '${column.name}' of partition_by is of the type ${column.type}, not ${expected}.`, {
      config: { key: 'partition_by', text: by.field },
      help,
    });
  }
  return column.name;
}

/** The periods of a column, in order. */
function* periodsIn(node: Model, by: Pick<PartitionBy, 'sql' | 'kind' | 'granularity'>, source: Relation, field: string): Steps<readonly Period[]> {
  const texts = (yield* query(by.sql.periods(source, field, by.kind, by.granularity))).rows.map(([text]) => String(text));
  const periods = texts.flatMap((text) => (text.length === DIGITS[by.granularity] ? (periodOf(text) ?? []) : []));
  if (periods.length === 0 && texts.length > 0) {
    yield* warn(
      `No value of '${field}' in ${label(node)} is a day${by.kind === 'int' ? ' as yyyymmdd' : ''}: its rows lie in the partition of those without one.`,
    );
  }
  return periods.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** How a standing table differs from the configuration, in words; null where it does not. */
function differs(by: PartitionBy | null, stands: StandingPartitions | null): string | null {
  if (by === null && stands === null) return null;
  const wanted = by === null ? null : `by ${by.granularity} of '${by.field}'`;
  if (stands === null) return `is not partitioned ${wanted}`;
  const has = stands.granularity === null ? `by '${stands.field}'` : `by ${stands.granularity} of '${stands.field}'`;
  if (by === null) return `stays partitioned ${has}, though there is no partition_by`;
  if (lower(by.field) === lower(stands.field) && (stands.granularity ?? by.granularity) === by.granularity) return null;
  return `stays partitioned ${has}, not ${wanted}`;
}
