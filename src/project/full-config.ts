// Configuration in the full form in which dbt shows it, in the manifest and in `graph.nodes`: every key, defaults included.
import type { Resource } from './resources.ts';
import { isMapping } from './shape.ts';

export type Configured = Exclude<Resource, { type: 'source' | 'exposure' }>;
type Words = Readonly<Record<string, unknown>>;

const SHARED = { enabled: true, alias: null, schema: null, database: null, tags: [], meta: {}, group: null, static_analysis: null };
const BUILT = {
  ...SHARED,
  materialized: 'view',
  incremental_strategy: null,
  batch_size: null,
  lookback: 1,
  begin: null,
  persist_docs: {},
  'post-hook': [],
  'pre-hook': [],
  quoting: {},
  column_types: {},
  full_refresh: null,
  unique_key: null,
  on_schema_change: 'ignore',
  on_configuration_change: 'apply',
  grants: {},
  packages: [],
  docs: {},
  contract: {},
  event_time: null,
  concurrent_batches: null,
};
const DEFAULTS: Readonly<Record<Exclude<Resource['type'], 'source' | 'exposure'>, Words>> = {
  model: { ...BUILT, access: 'protected', freshness: null, on_error: null, latest_version_pointer: { enabled: null, alias: null } },
  analysis: BUILT,
  operation: BUILT,
  seed: { ...BUILT, materialized: 'seed', delimiter: ',', quote_columns: null },
  snapshot: {
    ...BUILT,
    materialized: 'snapshot',
    strategy: null,
    target_schema: null,
    target_database: null,
    updated_at: null,
    check_cols: null,
    snapshot_meta_column_names: {},
    dbt_valid_to_current: null,
  },
  test: {
    ...SHARED,
    schema: 'dbt_test__audit',
    materialized: 'test',
    severity: 'ERROR',
    store_failures: null,
    store_failures_as: null,
    sql_header: null,
    where: null,
    limit: null,
    fail_calc: 'count(*)',
    warn_if: '!= 0',
    error_if: '!= 0',
  },
};
const META_COLUMNS = { dbt_valid_to: null, dbt_valid_from: null, dbt_scd_id: null, dbt_updated_at: null, dbt_is_deleted: null };

/** `severity`: whether it is written anywhere; a default is spelled in capitals, as dbt does. Where that is not known, 'error' is one. */
export function fullConfig(r: Configured, severity: boolean = r.config['severity'] !== 'error'): Words {
  const { 'pre-hook': pre, 'post-hook': post, materialized, ...rest } = r.config;
  const full: Record<string, unknown> = { ...DEFAULTS[r.type], ...rest };
  if (r.type !== 'analysis' && r.type !== 'operation') full['materialized'] = materialized;
  if (r.type === 'test') {
    if (!severity) full['severity'] = 'ERROR';
    // Each of the two says the other; the newer one has the last word.
    full['store_failures_as'] ??= full['store_failures'] === true ? 'table' : full['store_failures'] === false ? 'ephemeral' : null;
    if (full['store_failures_as'] !== null) full['store_failures'] = full['store_failures_as'] !== 'ephemeral';
    return full;
  }
  full['pre-hook'] = pre.map((h) => ({ ...h, index: null }));
  full['post-hook'] = post.map((h) => ({ ...h, index: null }));
  full['docs'] = docsDict(r.config['docs']);
  full['contract'] = contractDict(r.config['contract']);
  if (r.type === 'snapshot') full['snapshot_meta_column_names'] = { ...META_COLUMNS, ...(full['snapshot_meta_column_names'] as Words) };
  return full;
}

export function docsDict(docs: unknown): Words {
  return { show: true, node_color: null, ...(isMapping(docs) ? docs : {}) };
}

export function contractDict(contract: unknown): { readonly enforced: boolean; readonly alias_types: boolean } {
  return { enforced: false, alias_types: true, ...(isMapping(contract) ? contract : {}) };
}
