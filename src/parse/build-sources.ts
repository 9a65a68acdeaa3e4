// Sources and exposures: entries of property files that name what lies outside the project. A source may be a file:
// `external_location` (dbt-duckdb's name, in config or meta) is read in place of a relation.
import { placedColumns } from './columns.ts';
import { mergeConfig } from '../project/config.ts';
import type { Exposure, Ref, Source, SourceRef } from '../project/resources.ts';
import { isMapping } from '../project/shape.ts';
import type { Patch, Patches } from './patches.ts';
import type { SourceEntry, TableEntry } from './properties.ts';
import { indexIn } from './prune.ts';
import { toRef, toSource } from './references.ts';
import { checkConfig, configure, describe, entryConfig, readColumns, type Workshop } from './workshop.ts';
import { renderYaml } from './render-yaml.ts';
import { error } from '../diagnostics/diagnostic.ts';
import { freshnessOf, loadedAtOf } from './source-freshness.ts';

export function buildSources(w: Workshop, patch: Patch<SourceEntry>): Source[] {
  return (patch.entry.tables ?? []).map((_, i) => buildSource(w, patch, i));
}

function buildSource(w: Workshop, patch: Patch<SourceEntry>, index: number): Source {
  const { entry, file, path } = patch;
  const table = entry.tables![index]!;
  const tablePath = [...path, 'tables', indexIn(entry.tables!, index)];
  const outer = entryConfig(w, entry, file, path);
  const inner = entryConfig(w, table, file, tablePath);
  for (const [own, where, of] of [
    [outer, path, entry],
    [inner, tablePath, table],
  ] as const) {
    checkConfig(w, own, 'source', (p, on) =>
      w.spanOf({ yaml: file, path: [...where, ...(isMapping(of.config) && Object.hasOwn(of.config, String(p[0])) ? ['config'] : []), ...p], on }),
    );
  }
  const folders = file.split('/').slice(1, -1);
  const fqn = [w.pkg, ...folders, entry.name, table.name];
  const config = configure(w, 'source', fqn, [mergeConfig(outer, inner)]);
  const rendered = (v: unknown, key: string): unknown => renderYaml(w.facts, v, () => w.spanOf({ yaml: file, path: [...path, key], on: 'value' }), w.report);
  const { target } = w.facts;
  const location = config['external_location'] ?? config.meta['external_location'];
  return {
    type: 'source',
    id: `source.${w.pkg}.${entry.name}.${table.name}`,
    package: w.pkg,
    name: table.name,
    sourceName: entry.name,
    file,
    fqn,
    config,
    description: describe(w, table.description, file, tablePath),
    columns: readColumns(w, placedColumns(table.columns, tablePath), file),
    place: { yaml: file, path: [...tablePath, 'name'], on: 'value' },
    patch: file,
    written: { entry, part: table },
    relation: {
      database: (rendered(table.database ?? entry.database ?? config['database'], 'database') as string | undefined) ?? target.database,
      schema: String(rendered(table.schema ?? entry.schema ?? config['schema'], 'schema') ?? entry.name),
      identifier: String(rendered(table.identifier, 'identifier') ?? table.name),
    },
    externalLocation: typeof location === 'string' ? namedIn(location, entry, table) : null,
    sourceDescription: describe(w, entry.description, file, path),
    loader: table.loader ?? entry.loader ?? '',
    freshness: freshnessOf(w, patch, index, fqn),
    ...loadedAtOf(w, patch, index, fqn),
  };
}

/** `{name}`, `{identifier}`, `{schema}` of a location stand for the table's; template braces are left alone. */
function namedIn(location: string, entry: SourceEntry, table: TableEntry): string {
  const facts: Record<string, string> = {
    name: table.name,
    identifier: table.identifier ?? table.name,
    schema: entry.schema ?? entry.name,
    source_name: entry.name,
  };
  return location.replace(/(?<!\{)\{(\w+)\}(?!\})/g, (whole, k: string) => facts[k] ?? whole);
}

export function buildExposure(w: Workshop, patch: Patches['exposures'][number]): Exposure {
  const { entry, file, path } = patch;
  const refs: Ref[] = [];
  const sources: SourceRef[] = [];
  entry.depends_on?.forEach((text, i) => {
    const place = { yaml: file, path: [...path, 'depends_on', indexIn(entry.depends_on!, i)], on: 'value' } as const;
    const found = readCall(text);
    if (found?.name === 'ref') refs.push(...toRef(w, found.args, found.kwargs, place));
    else if (found?.name === 'source') sources.push(...toSource(w, found.args, place));
    // Metrics are read and left aside, and so is what depends on one.
    else if (found?.name !== 'metric')
      w.report(error('parse/wrong-type', `'${text}' is neither a ref() nor a source().`, { span: w.spanOf(place), help: "Write ref('orders')." }));
  });
  const fqn = [w.pkg, ...file.split('/').slice(1, -1), entry.name];
  return {
    type: 'exposure',
    id: `exposure.${w.pkg}.${entry.name}`,
    package: w.pkg,
    name: entry.name,
    file,
    fqn,
    config: configure(w, 'exposure', fqn, [entryConfig(w, entry, file, path)]),
    description: describe(w, entry.description, file, path),
    columns: {},
    place: { yaml: file, path: [...path, 'name'], on: 'value' },
    patch: file,
    written: { entry, part: null },
    refs,
    sources,
    properties: { label: entry.label, type: entry.type, url: entry.url, maturity: entry.maturity, owner: entry.owner },
  };
}

const CALL =
  /^\s*(?:\{\{\s*)?(ref|source|metric)\s*\(\s*((?:(?:'[^']*'|"[^"]*")\s*,?\s*)+)(?:(?:v|version)\s*=\s*(?:'([^']*)'|"([^"]*)"|(\d+(?:\.\d+)?))\s*)?\)\s*(?:\}\})?\s*$/;

/** A lone call with literal text arguments, as YAML writes them: `ref('orders')`, `ref('orders', v=2)`. */
export function readCall(
  text: string,
): { readonly name: string; readonly args: readonly string[]; readonly kwargs: Readonly<Record<string, unknown>> } | undefined {
  const m = CALL.exec(text);
  if (m === null) return undefined;
  const version = m[3] ?? m[4] ?? m[5];
  return {
    name: m[1]!,
    args: [...m[2]!.matchAll(/'([^']*)'|"([^"]*)"/g)].map((a) => a[1] ?? a[2] ?? ''),
    kwargs: version === undefined ? {} : { version },
  };
}
