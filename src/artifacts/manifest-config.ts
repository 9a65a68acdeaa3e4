// Configuration, columns and docs references in the full form in which dbt writes them: every key, defaults included.
import type { Project } from '../project/project.ts';
import type { Resource } from '../project/resources.ts';
import { isMapping } from '../project/shape.ts';
import { type Piece, share } from './shared-text.ts';
import { columnEntries } from './written-config.ts';

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

/** A node's configuration after merging, and what else follows from it. `written`: as it stands in files, which tells what is a default. */
export function configPart(r: Configured, written: Words): Piece {
  if (r.type === 'operation') return { ...partOf(r, true), tags: [`on-run-${r.when}`] };
  const severity = r.type !== 'test' || Object.hasOwn(written, 'severity');
  const known = severity ? made : withoutSeverity;
  let part = known.get(r.config);
  if (part === undefined) known.set(r.config, (part = share(partOf(r, severity))));
  return part;
}

function partOf(r: Configured, severity: boolean): Piece {
  const { tags, meta } = r.config;
  return { config: fullConfig(r, severity), tags: r.type === 'test' ? tags.toSorted() : tags, meta, docs: docsDict(r.config['docs']) };
}

type Configured = Exclude<Resource, { type: 'source' | 'exposure' }>;
/** Resources without settings of their own share those of their folder. */
const made = new WeakMap<object, Piece>();
const withoutSeverity = new WeakMap<object, Piece>();

function fullConfig(r: Configured, severity: boolean): Words {
  const { 'pre-hook': pre, 'post-hook': post, materialized, ...rest } = r.config;
  const full: Record<string, unknown> = { ...DEFAULTS[r.type], ...rest };
  if (r.type !== 'analysis' && r.type !== 'operation') full['materialized'] = materialized;
  if (r.type === 'test') {
    if (!severity) full['severity'] = 'ERROR';
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

/** Columns by name. */
export function columnsDict(r: Resource, docs: DocsIndex): Record<string, unknown> {
  const columns = Object.values(r.columns);
  if (columns.length === 0) return {};
  const entries = columnEntries(r);
  return Object.fromEntries(
    columns.map((c) => {
      const entry = entries.get(c.name) ?? {};
      return [
        c.name,
        {
          name: c.name,
          description: c.description,
          meta: c.meta,
          data_type: c.data_type,
          constraints: c.constraints.map((x) => constraintDict(x)),
          quote: c.quote,
          config: { meta: c.meta, tags: c.tags },
          tags: c.tags,
          granularity: entry['granularity'] ?? null,
          // For a semantic layer, which is another tool's.
          dimension: null,
          entity: null,
          doc_blocks: docs.mentioned(entry['description'], r.package),
        },
      ];
    }),
  );
}

/** A constraint with all its keys; that of a whole model has columns. */
export function constraintDict(c: Words, columns?: readonly unknown[]): Record<string, unknown> {
  return {
    type: String(c['type'] ?? ''),
    name: c['name'] ?? null,
    expression: c['expression'] ?? null,
    warn_unenforced: c['warn_unenforced'] ?? true,
    warn_unsupported: c['warn_unsupported'] ?? true,
    to: c['to'] ?? null,
    to_columns: c['to_columns'] ?? [],
    ...(columns === undefined ? {} : { columns }),
  };
}

/** Finds docs blocks by the names that descriptions give. */
export class DocsIndex {
  private readonly ids = new Map<string, string>();

  constructor(docs: Project['docs'], root: string) {
    for (const d of docs) {
      this.ids.set(`${d.package}.${d.name}`, `doc.${d.package}.${d.name}`);
      if (d.package === root || !this.ids.has(d.name)) this.ids.set(d.name, `doc.${d.package}.${d.name}`);
    }
  }

  /** Ids of the blocks that a description, as it is written, puts in. */
  mentioned(description: unknown, pkg: string): string[] {
    if (typeof description !== 'string' || !description.includes('{{')) return [];
    return Array.from(description.matchAll(/\{\{\s*doc\(\s*((?:(?:'[^']*'|"[^"]*")\s*,?\s*)+)\)\s*\}\}/g)).flatMap((m) => {
      const names = Array.from(m[1]!.matchAll(/'([^']*)'|"([^"]*)"/g), (a) => a[1] ?? a[2] ?? '');
      const id = names.length > 1 ? this.ids.get(names.join('.')) : (this.ids.get(`${pkg}.${names[0]}`) ?? this.ids.get(names[0]!));
      return id === undefined ? [] : [id];
    });
  }
}
