// Models, analyses and singular tests: a SQL file, its properties and
// its folder's configuration become a resource.
import { didYouMean } from '../diagnostics/nearest.ts';
import { error, type Span } from '../diagnostics/diagnostic.ts';
import { asList, asTexts, strategyMacro } from '../project/config.ts';
import type { Analysis, DataTest, Model } from '../project/resources.ts';
import { isMapping } from '../project/shape.ts';
import type { CachedFile } from './cache.ts';
import { configPlace } from './config-place.ts';
import type { Patch, Patches } from './patches.ts';
import type { RelationEntry, VersionEntry } from './properties.ts';

import type { FoundFile } from './scan.ts';
import { type TemplateReading } from './sql-reading.ts';
import { nameRelation } from './name-relation.ts';
import { describe, fqnOf, readColumns, type Workshop } from './workshop.ts';

import { partsOfVersion } from './columns.ts';
import { common, pieceOf, settle, type SqlFiles } from './piece.ts';

/** A model, or one for each of its versions. */
export function buildModel(w: Workshop, files: SqlFiles, file: FoundFile, cached: CachedFile, reading: TemplateReading, patches: Patches): Model {
  const piece = pieceOf(file, cached, reading, files);
  const named = patches.models.get(piece.name);
  const own = (named?.entry.versions?.length ?? 0) > 0 ? undefined : named;
  const versioned = own === undefined ? findVersion(patches, piece.name, files.stems) : undefined;
  const patch = versioned?.patch ?? own;
  const name = versioned?.patch.entry.name ?? piece.name;
  const v = versioned?.version;
  const fqn = v === undefined ? fqnOf(w.pkg, file.base, file.path, name) : [...fqnOf(w.pkg, file.base, file.path, name), `v${String(v.v)}`];
  const layers = v !== undefined && isMapping(v.config) ? [v.config] : [];
  const settled = settle(w, files, piece, 'model', fqn, patch, `model '${name}'`, layers);
  const versions = patch?.entry.versions ?? [];
  const latest =
    versions.length === 0
      ? null
      : latestOf(
          versions.map((x) => x.v),
          patch?.entry.latest_version,
        );
  const parts = v === undefined ? undefined : partsOfVersion(patch!.entry, patch!.path, v);
  const model: Model = {
    type: 'model',
    id: `model.${w.pkg}.${name}${v === undefined ? '' : `.v${String(v.v)}`}`,
    package: w.pkg,
    name,
    file: file.path,
    fqn,
    ...common(piece, settled),
    description: v?.description === undefined || v.description === null ? settled.description : describe(w, v.description, patch!.file, parts!.path),
    columns: parts === undefined ? settled.columns : readColumns(w, [...parts.shared, ...parts.own], patch!.file),
    written: settled.written === null ? null : { entry: settled.written.entry, part: v ?? null },
    configText: reading.plain ? reading.config : reading.configText,
    relation: { database: null, schema: '', identifier: '' },
    alias: name,
    version: v === undefined ? null : String(v.v),
    latestVersion: latest === null || latest === undefined ? null : String(latest),
  };
  checkModelConfig(w, model, (key) => {
    const place = configPlace(model, patch, key, piece.text());
    return place === model.place ? (settled.references.configSpan ?? w.spanOf(place)) : w.spanOf(place);
  });
  return Object.assign(
    model,
    nameRelation(w, model, {
      schema: settled.config['schema'],
      database: settled.config['database'],
      alias: settled.config['alias'],
      fallback: v === undefined ? name : `${name}_v${String(v.v)}`,
    }),
  );
}

/** The version that is meant where none is named: the one that is said, else the last one. */
function latestOf(versions: readonly VersionEntry['v'][], said: RelationEntry['latest_version']): VersionEntry['v'] {
  return versions.find((x) => String(x) === String(said)) ?? versions.toSorted((a, b) => Number(a) - Number(b) || String(a).localeCompare(String(b))).at(-1)!;
}

/** The version that a file holds. One without a version in its name holds the latest, where no other does. */
function findVersion(patches: Patches, stemName: string, stems: ReadonlySet<string>): { patch: Patch<RelationEntry>; version: VersionEntry } | undefined {
  for (const patch of patches.models.values()) {
    for (const version of patch.entry.versions ?? []) {
      if ((version.defined_in ?? `${patch.entry.name}_v${String(version.v)}`) === stemName) return { patch, version };
    }
  }
  const named = patches.models.get(stemName);
  if (named !== undefined) {
    const versions = named.entry.versions ?? [];
    const latest = latestOf(
      versions.map((x) => x.v),
      named.entry.latest_version,
    );
    const version = versions.find((x) => x.v === latest);
    if (version !== undefined && version.defined_in === undefined && !stems.has(`${stemName}_v${String(latest)}`)) return { patch: named, version };
  }
  return undefined;
}

const STRATEGIES = ['append', 'delete+insert', 'merge', 'insert_overwrite', 'microbatch'];

/** Settings that contradict each other or lack one they need. */
function checkModelConfig(w: Workshop, m: Model, spanOf: (key: string) => Span): void {
  const { config } = m;
  if (!config.enabled) return;
  if (config.materialized === 'materialized_view' && !w.facts.capabilities.materializedViews && !ownMaterializations(w).includes('materialized_view')) {
    w.report(
      error('parse/unsupported', `Model '${m.name}' is a materialized view, which ${w.facts.engine} does not have.`, {
        span: spanOf('materialized'),
        help: "Use materialized='table'. For several engines: materialized=('materialized_view' if target.type == 'postgres' else 'table')",
      }),
    );
  }
  checkForeignKeys(w, m, () => spanOf('foreign_keys'));
  const strategy = config['incremental_strategy'];
  if (config.materialized !== 'incremental') return;
  const own = typeof strategy === 'string' && w.facts.macros.override(strategyMacro(strategy), w.pkg) !== undefined;
  if (typeof strategy === 'string' && !own && !STRATEGIES.includes(strategy)) {
    const near = didYouMean(strategy, [...STRATEGIES, ...ownStrategies(w)]);
    w.report(
      error('parse/bad-config', `Model '${m.name}' has the incremental_strategy '${strategy}', which does not exist.`, {
        span: spanOf('incremental_strategy'),
        help: near ?? `Strategies: append, delete+insert, merge, and those of macros of yours: ${strategyMacro(strategy)}.`,
      }),
    );
  }
  if (!own && (strategy === 'insert_overwrite' || strategy === 'microbatch')) {
    w.report(
      error('parse/unsupported', `Model '${m.name}' uses the strategy '${strategy}', which dwt does not have yet.`, {
        span: spanOf('incremental_strategy'),
        help: "Use 'delete+insert' with the period as unique_key.",
      }),
    );
  }
  if (config['merge_update_columns'] !== undefined && config['merge_exclude_columns'] !== undefined) {
    w.report(
      error('parse/bad-config', `Model '${m.name}' has both merge_update_columns and merge_exclude_columns.`, {
        span: spanOf('merge_exclude_columns'),
        help: 'Keep one of the two.',
      }),
    );
  }
}

function checkForeignKeys(w: Workshop, m: Model, span: () => Span): void {
  for (const key of asList(m.config['foreign_keys'])) {
    if (!isMapping(key)) continue;
    const columns = asTexts(key['columns']);
    const toColumns = key['to_columns'] === undefined ? columns : asTexts(key['to_columns']);
    const told =
      columns.length === 0
        ? 'has no columns'
        : columns.length === toColumns.length
          ? undefined
          : `has ${columns.length} columns and points to ${toColumns.length}`;
    if (told === undefined) continue;
    w.report(
      error('parse/bad-config', `A foreign key of model '${m.name}' ${told}.`, {
        span: span(),
        help: 'Write as many `columns` as `to_columns`; without `to_columns` they have the same names.',
      }),
    );
  }
}

/** Names of the incremental strategies that the project and its packages define. */
function ownStrategies(w: Workshop): readonly string[] {
  return [...w.facts.macros.entries()].flatMap((e) => /^get_incremental_(.+)_sql$/.exec(e.name)?.[1] ?? []);
}

/** Names of the materializations that the project and its packages define. */
function ownMaterializations(w: Workshop): readonly string[] {
  return [...w.facts.macros.entries()].flatMap((e) => /^materialization_(.+)_[^_]+$/.exec(e.name)?.[1] ?? []);
}

export function buildAnalysis(w: Workshop, files: SqlFiles, file: FoundFile, cached: CachedFile, reading: TemplateReading, patches: Patches): Analysis {
  const piece = pieceOf(file, cached, reading, files);
  const fqn = [w.pkg, 'analysis', ...fqnOf(w.pkg, file.base, file.path, piece.name).slice(1)];
  const settled = settle(w, files, piece, 'analysis', fqn, patches.analyses.get(piece.name), `analysis '${piece.name}'`);
  return {
    type: 'analysis',
    id: `analysis.${w.pkg}.${piece.name}`,
    package: w.pkg,
    name: piece.name,
    file: file.path,
    fqn,
    ...common(piece, settled),
    relation: { database: null, schema: '', identifier: piece.name },
    alias: piece.name,
  };
}

export function buildSingularTest(w: Workshop, files: SqlFiles, file: FoundFile, cached: CachedFile, reading: TemplateReading, patches: Patches): DataTest {
  const piece = pieceOf(file, cached, reading, files);
  const fqn = fqnOf(w.pkg, file.base, file.path, piece.name);
  const patch = patches.singularTests.get(piece.name);
  if (patch !== undefined) patch.used = true;
  const settled = settle(w, files, piece, 'test', fqn, patch as Patch<RelationEntry> | undefined, `data test '${piece.name}'`);
  const test: DataTest = {
    type: 'test',
    id: `test.${w.pkg}.${piece.name}`,
    package: w.pkg,
    name: piece.name,
    file: file.path,
    fqn,
    ...common(piece, settled),
    relation: { database: null, schema: '', identifier: piece.name },
    alias: piece.name,
    generic: null,
  };
  return {
    ...test,
    ...nameRelation(w, test, {
      schema: settled.config['schema'] ?? 'dbt_test__audit',
      database: settled.config['database'],
      alias: settled.config['alias'],
      fallback: piece.name,
    }),
  };
}
