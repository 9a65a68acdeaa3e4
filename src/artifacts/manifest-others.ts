// What of the manifest is no node: sources, exposures, macros, docs blocks, groups.
import type { DescribedEntry, DocsBlock, MacroEntry } from '../project/project.ts';
import type { Exposure, Source } from '../project/resources.ts';
import { isMapping } from '../project/shape.ts';
import { docsDict } from '../project/full-config.ts';
import { columnsDict } from './manifest-config.ts';
import { type ManifestSources, type Node, refsDict } from './manifest-nodes.ts';
import { pathInFolder, relationName, withoutFirst } from './names.ts';
import { freshnessDict, NO_LIMITS } from './written-config.ts';

export function sourceDict(m: ManifestSources, r: Source): Node {
  const entry = r.written?.entry ?? {};
  const table = r.written?.part ?? {};
  const { 'pre-hook': _pre, 'post-hook': _post, materialized: _m, ...config } = r.config;
  const written = m.written.of(r);
  // Where nobody says anything of it, dbt writes limits that are none.
  const freshness = Object.hasOwn(written, 'freshness') ? freshnessDict(r) : NO_LIMITS;
  const loaded = { loaded_at_field: r.loadedAtField, loaded_at_query: r.loadedAtQuery };
  const own = isMapping(entry['config']) ? entry['config'] : {};
  return {
    database: r.relation.database,
    schema: r.relation.schema,
    name: r.name,
    resource_type: 'source',
    package_name: r.package,
    path: r.file,
    original_file_path: r.file,
    unique_id: r.id,
    fqn: r.fqn,
    source_name: r.sourceName,
    source_description: r.sourceDescription,
    loader: r.loader,
    identifier: r.relation.identifier,
    quoting: {
      database: null,
      schema: null,
      identifier: null,
      column: null,
      ...(isMapping(entry['quoting']) ? entry['quoting'] : {}),
      ...(isMapping(table['quoting']) ? table['quoting'] : {}),
    },
    ...loaded,
    freshness,
    external: isMapping(table['external']) ? table['external'] : null,
    description: r.description,
    columns: columnsDict(r, m.docs),
    meta: r.config.meta,
    source_meta: { ...(isMapping(entry['meta']) ? entry['meta'] : {}), ...(isMapping(own['meta']) ? own['meta'] : {}) },
    tags: r.config.tags.toSorted(),
    config: { event_time: null, ...config, ...loaded, freshness, tags: r.config.tags.toSorted(), static_analysis: config['static_analysis'] ?? null },
    patch_path: null,
    unrendered_config: written,
    relation_name: relationName(r, m.dialect),
    unrendered_database: entry['database'] ?? null,
    unrendered_schema: entry['schema'] ?? null,
    doc_blocks: m.docs.mentioned(table['description'], r.package),
  };
}

export function exposureDict(m: ManifestSources, r: Exposure): Node {
  const { label, type, url, maturity, owner } = r.properties;
  return {
    name: r.name,
    resource_type: 'exposure',
    package_name: r.package,
    path: pathInFolder(r),
    original_file_path: r.file,
    unique_id: r.id,
    fqn: r.fqn,
    type,
    owner: ownerDict(owner),
    description: r.description,
    label: label ?? null,
    maturity: maturity ?? null,
    meta: r.config.meta,
    tags: r.config.tags,
    config: { enabled: r.config.enabled, tags: r.config.tags, meta: r.config.meta },
    unrendered_config: m.written.of(r),
    url: url ?? null,
    depends_on: { macros: [], nodes: m.graph.parents.get(r.id) ?? [] },
    refs: refsDict(r.refs, r),
    sources: r.sources.map((s) => [s.source, s.table]),
    metrics: [],
  };
}

function ownerDict(owner: unknown): Node {
  return { email: null, name: null, ...(isMapping(owner) ? owner : {}) };
}

export function macroDict(m: ManifestSources, e: MacroEntry, described: DescribedEntry | undefined): Node {
  const { kind, parameters, text } = m.macros.definition(e);
  const entry = described?.entry ?? {};
  const config = isMapping(entry['config']) ? entry['config'] : {};
  const given = Array.isArray(entry['arguments']) ? (entry['arguments'] as Node[]) : null;
  const own = kind === 'macro' ? parameters.map((p) => ({ name: p.name })) : [];
  return {
    name: e.name,
    resource_type: 'macro',
    package_name: e.package,
    path: e.file,
    original_file_path: e.file,
    unique_id: `macro.${e.package}.${e.name}`,
    macro_sql: text,
    depends_on: { macros: m.macros.ids(e.calls, e.package).filter((id) => id !== `macro.${e.package}.${e.name}`) },
    description: described?.description ?? '',
    meta: config['meta'] ?? entry['meta'] ?? {},
    docs: docsDict(config['docs'] ?? entry['docs']),
    patch_path: described === undefined ? null : `${e.package}://${described.file}`,
    arguments: (given ?? own).map((a: Node) => ({ name: a['name'], type: a['type'] ?? null, description: String(a['description'] ?? '') })),
    supported_languages: kind === 'materialization' ? ['sql'] : null,
  };
}

export function docDict(d: DocsBlock): Node {
  return {
    name: d.name,
    resource_type: 'doc',
    package_name: d.package,
    path: withoutFirst(d.file),
    original_file_path: d.file,
    unique_id: `doc.${d.package}.${d.name}`,
    block_contents: d.text,
  };
}

export function groupDict(g: DescribedEntry): Node {
  const config = isMapping(g.entry['config']) ? g.entry['config'] : {};
  return {
    name: g.name,
    resource_type: 'group',
    package_name: g.package,
    path: withoutFirst(g.file),
    original_file_path: g.file,
    unique_id: `group.${g.package}.${g.name}`,
    owner: ownerDict(g.entry['owner']),
    description: g.description === '' ? null : g.description,
    config: { meta: config['meta'] ?? g.entry['meta'] ?? {} },
  };
}
