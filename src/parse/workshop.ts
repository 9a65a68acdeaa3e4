// What the builders of resources share: configuration merged and finished, descriptions, places, and a
// collector of diagnostics. One workshop serves one package.
import type { Adapter } from '../adapters/adapter.ts';
import { Context, type Facts } from '../context/context.ts';
import { type Diagnostic, type Span, Failure } from '../diagnostics/diagnostic.ts';
import { asList, asTexts, type Config, mergeConfig, toHook } from '../project/config.ts';
import type { ColumnProperties, Place, ResourceType } from '../project/resources.ts';
import { isMapping, isTemplate, type Path } from '../project/shape.ts';
import { str } from '../template/print.ts';
import { toValue } from '../template/values.ts';
import { checkConfigKey } from '../project/config-shape.ts';
import type { PlacedColumn } from './columns.ts';
import { checkMaterialization } from './check-materialization.ts';
import type { ConfigTree } from './config-tree.ts';
import { renderValue, renderYaml } from './render-yaml.ts';
import type { Unread } from './unread.ts';
import { placed } from './yaml.ts';

export interface Workshop {
  readonly pkg: string;
  readonly root: string;
  readonly facts: Facts;
  readonly adapter: Adapter;
  readonly trees: Readonly<Record<'model' | 'seed' | 'snapshot' | 'test' | 'source' | 'analysis' | 'exposure', ConfigTree>>;
  /** Files that could not be read or not wholly, so that nothing is said to be missing because of them. */
  readonly unread: Unread;
  /** Text of a file of the project. */
  readonly readText: (file: string) => string;
  readonly spanOf: (place: Place) => Span;
  readonly report: (d: Diagnostic) => void;
}

const DEFAULTS: Readonly<Partial<Record<ResourceType, Readonly<Record<string, unknown>>>>> = {
  model: { materialized: 'view', on_schema_change: 'ignore' },
  seed: { materialized: 'seed', delimiter: ',' },
  snapshot: { materialized: 'snapshot' },
  test: { materialized: 'test', severity: 'error', fail_calc: 'count(*)', warn_if: '!= 0', error_if: '!= 0' },
  operation: { materialized: 'operation' },
};

/** Reports the mistakes of a resource's own configuration; `at` places a key's mistake. */
export function checkConfig(w: Workshop, config: Readonly<Record<string, unknown>>, type: ResourceType, at: (path: Path, on: 'key' | 'value') => Span): void {
  for (const [k, v] of Object.entries(config)) {
    checkConfigKey(k, v, type, [k], (m) => w.report(placed(m, at(m.path, m.on))));
    if (k === 'materialized') checkMaterialization(w, type, v, () => at([k], 'value'));
  }
}

/** Lays a resource's own settings over the tree's and over the defaults, outermost first. */
export function configure(
  w: Workshop,
  type: keyof Workshop['trees'] | 'operation',
  fqn: readonly string[],
  own: readonly Readonly<Record<string, unknown>>[],
): Config {
  const fromTree = type === 'operation' ? NOTHING : w.trees[type].configFor(fqn);
  const layers = own.filter((layer) => !isEmpty(layer));
  const shared = layers.length === 0 ? finished.get(fromTree)?.get(type) : undefined;
  if (shared !== undefined) return shared;
  let merged: Record<string, unknown> = { ...DEFAULTS[type] };
  for (const layer of [fromTree, ...layers]) merged = mergeConfig(merged, layer);
  const config = finishConfig(merged);
  if (layers.length === 0) {
    const byType = finished.get(fromTree) ?? new Map<string, Config>();
    finished.set(fromTree, byType.set(type, config));
  }
  return config;
}

const NOTHING: Readonly<Record<string, unknown>> = {};
/** Most resources have no settings of their own: those of one folder share theirs. */
const finished = new WeakMap<object, Map<string, Config>>();

function isEmpty(o: object): boolean {
  for (const _ in o) return false;
  return true;
}

/** Gives every key its final form. */
export function finishConfig(merged: Readonly<Record<string, unknown>>): Config {
  return {
    ...merged,
    enabled: !(merged['enabled'] === false || merged['enabled'] === 'false' || merged['enabled'] === 'False'),
    materialized: String(merged['materialized'] ?? ''),
    tags: [...new Set(asTexts(merged['tags']))],
    meta: isMapping(merged['meta']) ? merged['meta'] : {},
    'pre-hook': asList(merged['pre-hook']).map(toHook),
    'post-hook': asList(merged['post-hook']).map(toHook),
  };
}

/** Own settings of an entry of a property file: `config:` and the older keys beside it, rendered. */
export function entryConfig(
  w: Workshop,
  entry: { readonly config?: unknown; readonly [key: string]: unknown },
  file: string,
  path: Path,
): Record<string, unknown> {
  const older: Record<string, unknown> = {};
  for (const k of ['meta', 'tags', 'docs', 'group', 'access', 'materialized', 'enabled'] as const)
    if (entry[k] !== undefined && entry[k] !== null) older[k] = entry[k];
  const own = isMapping(entry.config) ? entry.config : {};
  // Rendered first: a template may give the list that a key takes.
  const rendered = (settings: Readonly<Record<string, unknown>>, at: Path): Record<string, unknown> =>
    renderYaml(w.facts, settings, (p) => w.spanOf({ yaml: file, path: [...at, ...p], on: 'value' }), w.report) as Record<string, unknown>;
  return mergeConfig(rendered(older, path), rendered(own, [...path, 'config']));
}

/** A description, its docs blocks put in; `path` is that of the entry it belongs to. */
export function describe(w: Workshop, value: unknown, file: string, path: Path): string {
  if (value === undefined || value === null) return '';
  const text = String(value);
  if (!isTemplate(text)) return text;
  try {
    return str(toValue(renderValue(text, new Context(w.facts).scope(w.pkg), file)));
  } catch (e) {
    if (!(e instanceof Failure)) throw e;
    for (const d of e.diagnostics) w.report({ ...d, span: w.spanOf({ yaml: file, path: [...path, 'description'], on: 'value' }) });
    return '';
  }
}

export function readColumns(w: Workshop, entries: readonly PlacedColumn[], file: string): Readonly<Record<string, ColumnProperties>> {
  const columns: Record<string, ColumnProperties> = {};
  for (const { entry: c, path } of entries) {
    const name = String(c.name);
    const own = isMapping(c.config) ? c.config : {};
    columns[name] = {
      name,
      description: describe(w, c.description, file, path),
      data_type: c.data_type ?? null,
      quote: c.quote ?? null,
      meta: { ...c.meta, ...(isMapping(own['meta']) ? own['meta'] : {}) },
      tags: [...asTexts(c.tags), ...asTexts(own['tags'])],
      constraints: c.constraints ?? [],
    };
  }
  return columns;
}

/** package, folders, name: how a resource is addressed. */
export function fqnOf(pkg: string, base: string, file: string, name: string): readonly string[] {
  const inside = file.startsWith(`${base}/`) ? file.slice(base.length + 1) : file;
  return [pkg, ...inside.split('/').slice(0, -1), name];
}

export function stem(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/\.(sql|csv|csv\.gz|ya?ml)$/, '');
}
