// A resource as `model` and `graph.nodes` show it, under dbt's names. Its text is read when a template first asks for it.
// https://docs.getdbt.com/reference/artifacts/manifest-json
import type { Dialect } from '../adapters/adapter.ts';
import type { Config } from '../project/config.ts';
import { isTemplated, type Resource } from '../project/resources.ts';
import { type Configured, contractDict, docsDict, fullConfig } from '../project/full-config.ts';
import { dictHas, dictOf, dictSet, toValue, type Value } from '../template/values.ts';
import type { MacroRegistry } from './macros.ts';

/** What a dict of a resource may be made from besides the resource. */
export interface DictSources {
  readonly dialect?: Dialect;
  readonly readText?: (file: string) => string;
  /** Ids of what the resource reads. */
  readonly parents?: Iterable<string>;
  readonly macros?: MacroRegistry;
  /** With all that dbt knows of a node, also what is not set: as `graph` shows it. */
  readonly whole?: boolean;
}

const TEXT = 'raw_code';

/** A dict whose `raw_code` is read from its file when it is first looked at. */
class NodeDict extends Map<Value, Value> {
  private readonly read: () => string;
  private known = false;

  constructor(entries: Iterable<readonly [Value, Value]>, read: () => string) {
    super(entries);
    this.read = read;
    super.set(TEXT, null);
  }

  private load(): void {
    if (this.known) return;
    this.known = true;
    super.set(TEXT, this.read());
  }

  override get(key: Value): Value | undefined {
    if (key === TEXT) this.load();
    return super.get(key);
  }

  override entries(): MapIterator<[Value, Value]> {
    this.load();
    return super.entries();
  }

  override values(): MapIterator<Value> {
    this.load();
    return super.values();
  }

  override [Symbol.iterator](): MapIterator<[Value, Value]> {
    return this.entries();
  }
}

/** The dict of a resource. */
export function resourceDict(r: Resource, from: DictSources = {}): Value {
  const relation = 'relation' in r ? r.relation : null;
  const dict = dictOf({
    unique_id: r.id,
    name: r.name,
    resource_type: r.type,
    package_name: r.package,
    path: pathInFolder(r),
    original_file_path: r.file,
    fqn: toValue(r.fqn),
    alias: 'alias' in r ? r.alias : r.name,
    database: relation?.database ?? null,
    schema: relation?.schema ?? null,
    identifier: relation?.identifier ?? null,
    relation_name: relation === null || from.dialect === undefined || !isBuilt(r) ? null : from.dialect.relation(relation),
    config: from.whole === true && r.type !== 'source' && r.type !== 'exposure' ? wholeConfig(r) : configDict(r.config),
    tags: toValue(r.config.tags),
    meta: toValue(r.config.meta),
    description: r.description,
    columns: toValue(from.whole === true ? wholeColumns(r.columns) : r.columns),
    patch_path: r.patch === null ? null : `${r.package}://${r.patch}`,
    docs: toValue(from.whole === true ? docsDict(r.config['docs']) : (r.config['docs'] ?? { show: true })),
    language: 'sql',
    ...(r.type === 'source' ? { source_name: r.sourceName, source_description: r.sourceDescription, loader: r.loader } : {}),
    ...(r.type === 'model'
      ? {
          version: numberOf(r.version),
          latest_version: numberOf(r.latestVersion),
          access: toValue(r.config['access'] ?? 'protected'),
          group: toValue(r.config['group'] ?? null),
          contract: toValue(r.config['contract'] ?? { enforced: false, alias_types: true }),
        }
      : {}),
    ...(r.type === 'test' && r.generic !== null ? testDict(r.generic) : {}),
    ...(isTemplated(r)
      ? {
          refs: r.refs.map((x) => dictOf({ name: x.name, package: x.package, version: x.version })),
          sources: r.sources.map((x) => [x.source, x.table]),
          checksum: dictOf({ name: 'sha1', checksum: r.checksum }),
        }
      : {}),
    depends_on: dictOf({ nodes: [...(from.parents ?? [])], macros: isTemplated(r) ? (from.macros?.ids(r.macros, r.package) ?? []) : [] }),
  });
  // As dbt has it: of `model`, what is not set is not there; in `graph` it is.
  if (from.whole === true) for (const [key, value] of Object.entries(wholeOf(r))) dictHas(dict, key) || dictSet(dict, key, value);
  else for (const [key, value] of dict) if (value === null) dict.delete(key);
  const read = readerOf(r, from.readText);
  return read === null ? dict : new NodeDict(dict, read);
}

function readerOf(r: Resource, readText: DictSources['readText']): (() => string) | null {
  if (!isTemplated(r)) return null;
  const { code, file } = r;
  if (r.type === 'test' && r.generic !== null) return () => `{{ test_${r.generic!.test.split('.').at(-1)}(**_dbt_generic_test_kwargs) }}`;
  if (code.kind === 'text') return () => code.text;
  return readText === undefined ? null : () => readText(file).trimEnd();
}

function testDict(generic: {
  readonly test: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly attachedTo: string;
  readonly column: string | null;
}): Record<string, Value> {
  const dot = generic.test.indexOf('.');
  return {
    column_name: generic.column,
    attached_node: generic.attachedTo,
    test_metadata: dictOf({
      name: generic.test.slice(dot + 1),
      kwargs: toValue(generic.arguments),
      namespace: dot < 0 ? null : generic.test.slice(0, dot),
    }),
  };
}

/** Whether it stands in the warehouse, or may. */
function isBuilt(r: Resource): boolean {
  return r.type === 'source' || r.type === 'seed' || r.type === 'snapshot' || (r.type === 'model' && r.config.materialized !== 'ephemeral');
}

/** The path within the folder of its kind, as dbt's `path` is. */
function pathInFolder(r: Resource): string {
  const slash = r.file.indexOf('/');
  return r.type === 'source' || slash < 0 ? r.file : r.file.slice(slash + 1);
}

/** dbt keeps versions that are numbers as such. */
function numberOf(version: string | null): Value {
  return version !== null && /^\d+$/.test(version) ? Number(version) : version;
}

/** What `graph` has besides, as dbt spells it where it is not set. */
function wholeOf(r: Resource): Readonly<Record<string, Value>> {
  const everywhere = { created_at: 0, unrendered_config: dictOf({}) };
  if (r.type === 'source') {
    const { freshness, loadedAtField, loadedAtQuery } = r;
    const never = { count: null, period: null };
    return {
      ...everywhere,
      doc_blocks: [],
      external: null,
      freshness: toValue(freshness ?? { error_after: never, warn_after: never, filter: null }),
      loaded_at_field: loadedAtField,
      loaded_at_query: loadedAtQuery,
      quoting: dictOf({ column: null, database: null, identifier: null, schema: null }),
      source_meta: dictOf({}),
    };
  }
  if (r.type === 'exposure') {
    const { label = null, maturity = null, owner = null, type = null, url = null } = r.written?.entry ?? {};
    return { ...everywhere, metrics: [], ...Object.fromEntries(Object.entries({ label, maturity, owner, type, url }).map(([k, v]) => [k, toValue(v)])) };
  }
  return {
    ...everywhere,
    build_path: null,
    compiled_path: null,
    config_call_dict: dictOf({}),
    contract: toValue({ ...contractDict(r.config['contract']), checksum: null }),
    defer_relation: null,
    doc_blocks: [],
    functions: [],
    group: toValue(r.config['group'] ?? null),
    metrics: [],
    ...(r.type === 'model' ? { batch: null, constraints: [], deprecation_date: null, primary_key: [], time_spine: null } : {}),
  };
}

function wholeColumns(columns: Resource['columns']): Record<string, unknown> {
  const unset = { dimension: null, doc_blocks: [], entity: null, granularity: null };
  return Object.fromEntries(Object.entries(columns).map(([name, c]) => [name, { ...c, ...unset, config: { meta: c.meta, tags: c.tags } }]));
}

function wholeConfig(r: Configured): Value {
  return toValue(fullConfig(r));
}

function configDict(config: Config): Value {
  const { 'pre-hook': pre, 'post-hook': post, ...rest } = config;
  return dictOf([...Object.entries(rest).map(([k, v]) => [k, toValue(v)] as const), ['pre-hook', toValue(pre)], ['post-hook', toValue(post)]]);
}
