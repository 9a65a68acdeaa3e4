// The configuration keys of resources: one table that validates them, types them, merges them down the tree and
// documents them. Names, defaults and merge rules are dbt's: https://docs.getdbt.com/reference/model-configs
import {
  anything,
  bool,
  either,
  explained,
  integer,
  list,
  map,
  natural,
  number,
  object,
  oneOfTexts,
  optional,
  scalar,
  type Shape,
  text,
  textLike,
} from './shape.ts';
import { freshnessShape } from './freshness.ts';
import { docs, quoting } from './parts.ts';
import type { ResourceType } from './resources.ts';
import { table } from './table.ts';

/** `append`: lists grow down the tree; `merge`: keys do; `replace`: the nearest setting wins. */
export type MergeRule = 'append' | 'merge' | 'replace';

export interface ConfigKey {
  readonly shape: Shape<unknown>;
  readonly merge: MergeRule;
  readonly on: readonly ResourceType[];
  readonly description: string;
}

const textOrList = either(text, list(text));
/** What SQL can hold against a count. */
const comparison = textLike(/^\s*([<>=!%+*/-]|([iI][sS]|[iI][nN]|[nN][oO][tT]|[bB][eE][tT][wW][eE][eE][nN])\b)/, "a comparison such as '> 10'");
const hook = either(text, object({ sql: text, transaction: optional(bool) }, { what: 'a hook' }));
const hooks = either(hook, list(hook));

function key(shape: Shape<unknown>, on: readonly ResourceType[], description: string, merge: MergeRule = 'replace'): ConfigKey {
  return { shape, merge, on, description };
}

const BUILT = ['model', 'seed', 'snapshot'] as const;
const ALL = ['model', 'seed', 'snapshot', 'test', 'source', 'analysis', 'unit_test', 'exposure'] as const;
const foreignKeys = list(
  object(
    {
      columns: explained(list(text), 'Its columns.'),
      to: explained(text, "What it points to: ref('customers')."),
      to_columns: optional(list(text), 'The columns it points to; by default those of the same names.'),
    },
    { what: 'a foreign key' },
  ),
);
const indexes = list(object({ columns: list(text), unique: optional(bool), type: optional(text), name: optional(text) }, { what: 'an index' }));

/** Ours, and what other engines' projects write: of that, ranges, hours and lists of columns mean nothing here. */
const partitionBy = either(
  textOrList,
  object(
    {
      field: text,
      data_type: optional(oneOfTexts('date', 'timestamp', 'datetime', 'int', 'int64')),
      granularity: optional(oneOfTexts('hour', 'day', 'month', 'year')),
      range: optional(anything),
      time_ingestion_partitioning: optional(bool),
      copy_partitions: optional(bool),
    },
    { what: 'partition_by' },
  ),
);

export const CONFIG_KEYS: Readonly<Record<string, ConfigKey>> = table({
  enabled: key(bool, ALL, 'Whether the resource takes part at all.'),
  materialized: key(
    text,
    ['model', 'snapshot', 'seed', 'test'],
    'How it is built: view, table, incremental, materialized_view, ephemeral, or a materialization of the project.',
  ),
  database: key(text, [...BUILT, 'test', 'source'], "Database (catalog) instead of the target's."),
  schema: key(text, [...BUILT, 'test', 'source'], "Appended to the target's schema by generate_schema_name."),
  alias: key(text, [...BUILT, 'test'], "Name of the relation instead of the file's."),
  tags: key(textOrList, ALL, 'Labels for selection.', 'append'),
  meta: key(map(anything), ALL, 'Free-form facts.', 'merge'),
  group: key(text, [...BUILT, 'test'], 'The group it belongs to.'),
  access: key(oneOfTexts('private', 'protected', 'public'), ['model'], 'Who may refer to it.'),
  'pre-hook': key(hooks, BUILT, 'SQL before it is built.', 'append'),
  'post-hook': key(hooks, BUILT, 'SQL after it is built.', 'append'),
  persist_docs: key(
    object({ relation: optional(bool, 'Of the relation.'), columns: optional(bool, 'Of its columns.') }, { what: 'persist_docs' }),
    BUILT,
    'Write descriptions as comments of the relation and its columns.',
    'merge',
  ),
  docs: key(docs, ALL, 'How it appears in the docs.', 'merge'),
  contract: key(
    object({ enforced: optional(bool, 'Whether it is enforced.'), alias_types: optional(bool, 'Accepted for compatibility.') }, { what: 'a contract' }),
    ['model'],
    'Whether the columns and types of the properties are enforced.',
    'merge',
  ),
  grants: key(map(textOrList), BUILT, 'Privileges after it is built: these and no others.', 'merge'),
  full_refresh: key(bool, BUILT, 'Overrules --full-refresh for this resource.'),
  quoting: key(quoting, ALL, 'Accepted for compatibility; names are always quoted.', 'merge'),
  event_time: key(text, [...BUILT, 'source'], 'The column that says when a row happened.'),
  packages: key(list(text), ['model'], 'Packages of a Python model.', 'append'),
  indexes: key(indexes, ['model', 'seed', 'snapshot'], 'Indexes, where the engine has them.'),
  foreign_keys: key(foreignKeys, ['model'], 'Foreign keys, where the engine can add them to a table.'),
  partition_by: key(partitionBy, ['model'], 'The field whose days, months or years are partitions of the table, where the engine has them.'),
  unlogged: key(bool, ['model', 'seed'], 'An unlogged table, where the engine has them.'),
  sql_header: key(text, ['model', 'snapshot', 'test'], 'SQL put before the statement that builds it.'),
  on_error: key(oneOfTexts('skip_children', 'continue'), ['model', 'seed', 'snapshot'], 'Whether what depends on it is skipped when it fails.'),
  on_configuration_change: key(oneOfTexts('apply', 'continue', 'fail'), ['model'], 'What becomes of a materialized view whose query or indexes changed.'),

  incremental_strategy: key(text, ['model'], 'append, delete+insert, merge, or a strategy of the project.'),
  unique_key: key(textOrList, ['model', 'snapshot'], 'The columns that identify a row.'),
  on_schema_change: key(
    oneOfTexts('ignore', 'fail', 'append_new_columns', 'sync_all_columns'),
    ['model'],
    'What an incremental model does when its columns change.',
  ),
  incremental_predicates: key(textOrList, ['model'], 'Conditions on the target that limit what is compared.'),
  predicates: key(textOrList, ['model'], 'Older spelling of incremental_predicates.'),
  merge_update_columns: key(textOrList, ['model'], 'Columns that a merge overwrites; by default all.'),
  merge_exclude_columns: key(textOrList, ['model'], 'Columns that a merge leaves as they are.'),
  begin: key(scalar, ['model'], 'Start of the first microbatch.'),
  batch_size: key(oneOfTexts('hour', 'day', 'month', 'year'), ['model'], 'Size of a microbatch.'),
  lookback: key(integer, ['model'], 'Microbatches before the newest that are built again.'),
  concurrent_batches: key(bool, ['model'], 'Whether microbatches may run side by side.'),

  strategy: key(text, ['snapshot'], 'timestamp or check.'),
  updated_at: key(text, ['snapshot'], 'The column or expression that says when a row changed.'),
  check_cols: key(textOrList, ['snapshot'], 'Columns compared by the check strategy, or all.'),
  hard_deletes: key(oneOfTexts('ignore', 'invalidate', 'new_record'), ['snapshot'], 'What becomes of rows that vanished from the source.'),
  invalidate_hard_deletes: key(bool, ['snapshot'], 'Older spelling of hard_deletes: invalidate.'),
  dbt_valid_to_current: key(text, ['snapshot'], 'SQL expression that dbt_valid_to holds in current rows.'),
  snapshot_meta_column_names: key(map(text), ['snapshot'], 'Other names for dbt_valid_from and its kin.', 'merge'),
  target_schema: key(text, ['snapshot'], 'Schema of the snapshot, as it is.'),
  target_database: key(text, ['snapshot'], 'Database of the snapshot, as it is.'),

  column_types: key(map(text), ['seed'], 'Types of columns, by name.', 'merge'),
  delimiter: key(text, ['seed'], 'What separates fields.'),
  quote_columns: key(bool, ['seed'], 'Whether names of columns keep their capitals on PostgreSQL.'),

  severity: key(oneOfTexts('error', 'warn'), ['test'], 'Whether a failure is an error or a warning.'),
  store_failures: key(bool, ['test'], 'Keep the failing rows in a table.'),
  store_failures_as: key(oneOfTexts('table', 'view', 'ephemeral'), ['test'], 'In what the failing rows are kept.'),
  where: key(text, ['test'], 'Tests only rows that satisfy this.'),
  limit: key(natural, ['test'], 'At most so many failing rows.'),
  fail_calc: key(text, ['test'], 'The expression that counts failures.'),
  warn_if: key(comparison, ['test'], 'Condition on the count for a warning.'),
  error_if: key(comparison, ['test'], 'Condition on the count for an error.'),

  external_location: key(text, ['source', 'model'], 'A file or an expression that is read in place of the relation.'),
  location: key(text, ['model'], 'Where an external model is written.'),
  freshness: key(freshnessShape, ['source', 'model'], 'How old the newest row may be.', 'merge'),
  loaded_at_field: key(text, ['source'], 'The column that says when a row was loaded.'),
  loaded_at_query: key(text, ['source'], 'A query for the newest load.'),
  static_analysis: key(anything, ALL, 'Accepted for compatibility.'),
  latest_version_pointer: key(anything, ['model'], 'Accepted for compatibility.', 'merge'),
  retries: key(integer, BUILT, 'Repeats after an error that may pass.'),
  weight: key(number, ['exposure'], 'Accepted for compatibility.'),
});

/** Materializations that need no macro of the project. */
export const MATERIALIZATIONS: readonly string[] = ['view', 'table', 'incremental', 'materialized_view', 'ephemeral'];

/** Keys of other engines, known and without meaning here. */
export const FOREIGN_KEYS: ReadonlySet<string> = new Set([
  'bind',
  'dist',
  'sort',
  'sort_type',
  'auto_refresh',
  'backup',
  'cluster_by',
  'partitions',
  'partitioned_by',
  'partition_expiration_days',
  'require_partition_filter',
  'hours_to_expiration',
  'kms_key_name',
  'labels',
  'transient',
  'query_tag',
  'copy_grants',
  'secure',
  'snowflake_warehouse',
  'automatic_clustering',
  'target_lag',
  'file_format',
  'location_root',
  'buckets',
  'tblproperties',
  'liquid_clustered_by',
  'submission_method',
  'http_path',
  'engine',
  'order_by',
  'glue_register',
  'format',
  'options',
  'overwrite',
  'parquet_read_options',
  'csv_read_options',
  'plugin',
]);

/** A resource's configuration after merging, by dbt's names; what a materialization of the project reads may be here too. */
export interface Config {
  readonly [key: string]: unknown;
  readonly enabled: boolean;
  readonly materialized: string;
  readonly tags: readonly string[];
  readonly meta: Readonly<Record<string, unknown>>;
  readonly 'pre-hook': readonly Hook[];
  readonly 'post-hook': readonly Hook[];
}

export interface Hook {
  readonly sql: string;
  readonly transaction: boolean;
}

const SPELLINGS: Readonly<Record<string, string>> = table({ pre_hook: 'pre-hook', post_hook: 'post-hook', predicates: 'incremental_predicates' });

/** A key as the table has it: without `+`, underscores as documented. */
export function canonicalKey(k: string): string {
  const bare = k.startsWith('+') ? k.slice(1) : k;
  return SPELLINGS[bare] ?? bare;
}

export function asList(value: unknown): readonly unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}

export function asTexts(value: unknown): readonly string[] {
  return asList(value)
    .map(String)
    .filter((text) => text.trim() !== '');
}

/** Whether a text is a call, `ref('orders')` or `source('shop', 'orders')`; what such a call gave is the name of a relation. */
export function isReference(text: string): boolean {
  return /^\s*(ref|source)\s*\(/.test(text);
}

/** Name of the macro that is an incremental strategy of a project's own. */
export function strategyMacro(strategy: string): string {
  return `get_incremental_${strategy.replaceAll('+', '_')}_sql`;
}

/** A hook as written (text, object, or text of a JSON object as dbt allows) in one form. */
export function toHook(value: unknown): Hook {
  if (typeof value === 'string') {
    if (/^\s*\{\s*"/.test(value)) {
      try {
        return toHook(JSON.parse(value));
      } catch {
        // Plain SQL that happens to start with a brace.
      }
    }
    return { sql: value, transaction: true };
  }
  const o = value as { sql?: unknown; transaction?: unknown };
  return { sql: String(o.sql ?? ''), transaction: o.transaction !== false };
}

/** Lays `over` on `under` by each key's rule. Neither is changed. */
export function mergeConfig(under: Readonly<Record<string, unknown>>, over: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...under };
  for (const [raw, value] of Object.entries(over)) {
    const k = canonicalKey(raw);
    const rule = CONFIG_KEYS[k]?.merge ?? 'replace';
    if (rule === 'append') merged[k] = [...asList(merged[k]), ...asList(value)];
    else if (rule === 'merge' && isObject(merged[k]) && isObject(value)) merged[k] = mergeKeys(merged[k], value);
    else merged[k] = value;
  }
  return merged;
}

/** For `grants`, a key that starts with `+` appends. */
function mergeKeys(under: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...under };
  for (const [k, v] of Object.entries(over)) {
    if (k.startsWith('+')) merged[k.slice(1)] = [...asList(merged[k.slice(1)]), ...asList(v)];
    else merged[k] = v;
  }
  return merged;
}

function isObject(v: unknown): v is Record<string, unknown> {
  return typeof v === 'object' && v !== null && !Array.isArray(v);
}
