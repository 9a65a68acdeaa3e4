// Models, analyses, snapshots and singular tests: a SQL file (or a block of one, or a YAML entry), its properties and
// its folder's configuration become a resource.
import { didYouMean } from '../diagnostics/nearest.ts';
import { error, Failure, type Span, warning } from '../diagnostics/diagnostic.ts';
import type { Config } from '../project/config.ts';
import { asList, MATERIALIZATIONS } from '../project/config.ts';
import type { Analysis, Code, ColumnProperties, DataTest, Model, Place, Snapshot } from '../project/resources.ts';
import { isMapping, type Path } from '../project/shape.ts';
import type { CachedFile, ParseCache } from './cache.ts';
import type { Patch, Patches } from './patches.ts';
import type { RelationEntry, VersionEntry } from './properties.ts';
import { fromReading, fromRendering, type References } from './references.ts';
import type { Purity } from './purity.ts';
import type { FoundFile } from './scan.ts';
import { readTemplate, type TemplateReading } from './sql-reading.ts';
import { checkConfig, configure, describe, entryConfig, fqnOf, nameRelation, readColumns, stem, type Workshop } from './workshop.ts';

export interface SqlFiles {
  readonly cache: ParseCache;
  readonly purity: Purity;
  /** Changes whenever a rendering may give something else: macros, variables, target. */
  readonly fingerprint: string;
  readonly readText: (file: string) => string;
}

interface Piece {
  readonly file: FoundFile;
  readonly cached: CachedFile;
  readonly reading: TemplateReading;
  readonly name: string;
  readonly code: Code;
  readonly text: () => string;
  readonly firstLine: number;
  readonly place: Place;
}

function pieceOf(file: FoundFile, cached: CachedFile, reading: TemplateReading, files: SqlFiles): Piece {
  return {
    file,
    cached,
    reading,
    name: stem(file.path),
    code: { kind: 'file' },
    text: () => files.readText(file.path),
    firstLine: 1,
    place: { span: { file: file.path, line: 1, column: 1 } },
  };
}

/** Reads off the tree, or renders where that is not enough. Failures are reported; the resource then refers to nothing. */
function referencesOf(w: Workshop, files: SqlFiles, piece: Piece, label: string, known: () => Readonly<Record<string, unknown>>): References {
  const dynamic = piece.reading.dynamic || piece.reading.calls.some((c) => !files.purity.isPure(c, w.pkg));
  if (!dynamic) return fromReading(w, piece.reading, piece.file.path);
  const render = (): References =>
    fromRendering(w, piece.text(), piece.file.path, piece.firstLine, label, known(), {
      database: w.facts.target.database,
      schema: w.facts.target.schema,
      identifier: piece.name,
    });
  try {
    return piece.code.kind === 'file' ? files.cache.rendered(piece.cached, files.fingerprint, render) : render();
  } catch (e) {
    if (!(e instanceof Failure)) throw e;
    for (const d of e.diagnostics) w.report(d);
    return { refs: [], sources: [], config: {}, configSpan: null, macros: [] };
  }
}

interface Settled {
  readonly references: References;
  readonly config: Config;
  readonly description: string;
  readonly columns: Readonly<Record<string, ColumnProperties>>;
  readonly patchFile: string | null;
}

function settle(
  w: Workshop,
  files: SqlFiles,
  piece: Piece,
  type: 'model' | 'analysis' | 'snapshot' | 'test',
  fqn: readonly string[],
  patch: Patch<RelationEntry> | undefined,
  label: string,
  extraLayers: readonly Readonly<Record<string, unknown>>[] = [],
): Settled {
  const own = patch === undefined ? {} : entryConfig(w, patch.entry, patch.file, patch.path);
  if (patch !== undefined) {
    patch.used = true;
    checkConfig(w, own, type, (path, on) =>
      w.spanOf({
        yaml: patch.file,
        path: [...patch.path, ...(isMapping(patch.entry.config) && Object.hasOwn(patch.entry.config, String(path[0])) ? ['config'] : []), ...path],
        on,
      }),
    );
  }
  const layers = [own, ...extraLayers];
  const references = referencesOf(w, files, piece, label, () => configure(w, type, fqn, layers));
  checkConfig(w, references.config, type, (keyPath) => configKeySpan(piece, references.configSpan, String(keyPath[0])));
  return {
    references,
    config: configure(w, type, fqn, [...layers, references.config]),
    description: patch === undefined ? '' : describe(w, patch.entry.description, patch.file, patch.path),
    columns: patch === undefined ? {} : readColumns(w, patch.entry.columns, patch.file, patch.path),
    patchFile: patch?.file ?? null,
  };
}

/** Where a config() call names a key; the call, or the file's first line, where it does so otherwise. */
function configKeySpan(piece: Piece, call: Span | null, key: string): Span {
  const at: Span = call ?? { file: piece.file.path, line: piece.firstLine, column: 1 };
  const lines = piece.text().split('\n');
  for (let i = at.line - piece.firstLine; i < Math.min(lines.length, at.line - piece.firstLine + 40); i++) {
    const m = new RegExp(`(^|[^\\w])(${key.replace('-', '[-_]')})\\s*['"]?\\s*[=:]`).exec(lines[i] ?? '');
    if (m !== null) return { file: at.file, line: i + piece.firstLine, column: m.index + m[1]!.length + 1, endColumn: m.index + m[1]!.length + 1 + key.length };
  }
  return at;
}

/** A model, or one for each of its versions. */
export function buildModel(w: Workshop, files: SqlFiles, file: FoundFile, cached: CachedFile, reading: TemplateReading, patches: Patches): Model {
  const piece = pieceOf(file, cached, reading, files);
  const versioned = patches.models.get(piece.name) === undefined ? findVersion(patches, piece.name) : undefined;
  const patch = versioned?.patch ?? patches.models.get(piece.name);
  const name = versioned?.patch.entry.name ?? piece.name;
  const v = versioned?.version;
  const fqn = v === undefined ? fqnOf(w.pkg, file.base, file.path, name) : [...fqnOf(w.pkg, file.base, file.path, name), `v${String(v.v)}`];
  const layers = v !== undefined && isMapping(v.config) ? [v.config] : [];
  const settled = settle(w, files, piece, 'model', fqn, patch, `model '${name}'`, layers);
  const versions = patch?.entry.versions ?? [];
  const latest =
    patch?.entry.latest_version ??
    (versions.length === 0
      ? null
      : versions
          .map((x) => x.v)
          .toSorted((a, b) => Number(a) - Number(b) || String(a).localeCompare(String(b)))
          .at(-1)!);
  const model: Model = {
    type: 'model',
    id: `model.${w.pkg}.${name}${v === undefined ? '' : `.v${String(v.v)}`}`,
    package: w.pkg,
    name,
    file: file.path,
    fqn,
    config: settled.config,
    description: settled.description,
    columns: settled.columns,
    place: piece.place,
    patch: settled.patchFile,
    refs: settled.references.refs,
    sources: settled.references.sources,
    macros: settled.references.macros,
    code: piece.code,
    relation: { database: null, schema: '', identifier: '' },
    alias: name,
    checksum: cached.checksum,
    version: v === undefined ? null : String(v.v),
    latestVersion: latest === null || latest === undefined ? null : String(latest),
  };
  checkModelConfig(w, model, settled.references.configSpan);
  return {
    ...model,
    ...nameRelation(w, model, {
      schema: settled.config['schema'],
      database: settled.config['database'],
      alias: settled.config['alias'],
      fallback: v === undefined ? name : `${name}_v${String(v.v)}`,
    }),
  };
}

function findVersion(patches: Patches, stemName: string): { patch: Patch<RelationEntry>; version: VersionEntry } | undefined {
  for (const patch of patches.models.values()) {
    for (const version of patch.entry.versions ?? []) {
      if ((version.defined_in ?? `${patch.entry.name}_v${String(version.v)}`) === stemName) return { patch, version };
    }
  }
  return undefined;
}

const STRATEGIES = ['append', 'delete+insert', 'merge', 'insert_overwrite', 'microbatch'];

/** Settings that contradict each other or lack one they need. */
function checkModelConfig(w: Workshop, m: Model, configSpan: Span | null): void {
  const { config } = m;
  if (!config.enabled) return;
  const span = configSpan ?? w.spanOf(m.place);
  if (!MATERIALIZATIONS.includes(config.materialized)) {
    const own = [...w.facts.macros.entries()].flatMap((e) => /^materialization_(.+)_[^_]+$/.exec(e.name)?.[1] ?? []);
    if (!own.includes(config.materialized))
      w.report(
        error('parse/unknown-materialization', `Model '${m.name}' has the materialization '${config.materialized}', which does not exist.`, {
          span,
          help: didYouMean(config.materialized, [...MATERIALIZATIONS, ...own]) ?? `Materializations: ${[...MATERIALIZATIONS, ...own].join(', ')}.`,
        }),
      );
  }
  const strategy = config['incremental_strategy'];
  if (config.materialized !== 'incremental') return;
  if (typeof strategy === 'string' && !STRATEGIES.includes(strategy)) {
    const near = didYouMean(strategy, STRATEGIES);
    w.report(
      error('parse/bad-config', `Model '${m.name}' has the incremental_strategy '${strategy}', which does not exist.`, {
        span,
        help: near ?? `Strategies: append, delete+insert, merge.`,
      }),
    );
  }
  if (strategy === 'insert_overwrite' || strategy === 'microbatch') {
    w.report(
      error('parse/unsupported', `Model '${m.name}' uses the strategy '${strategy}', which dwt does not have yet.`, {
        span,
        help: "Use 'delete+insert' with the period as unique_key.",
      }),
    );
  }
  if (config['merge_update_columns'] !== undefined && config['merge_exclude_columns'] !== undefined) {
    w.report(error('parse/bad-config', `Model '${m.name}' has both merge_update_columns and merge_exclude_columns.`, { span, help: 'Keep one of the two.' }));
  }
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

function common(
  piece: Piece,
  s: Settled,
): Pick<Analysis, 'config' | 'description' | 'columns' | 'place' | 'patch' | 'refs' | 'sources' | 'macros' | 'code' | 'checksum'> {
  return {
    config: s.config,
    description: s.description,
    columns: s.columns,
    place: piece.place,
    patch: s.patchFile,
    refs: s.references.refs,
    sources: s.references.sources,
    macros: s.references.macros,
    code: piece.code,
    checksum: piece.cached.checksum,
  };
}

/** Every `{% snapshot %}` block of a file. */
export function buildSnapshots(w: Workshop, files: SqlFiles, file: FoundFile, cached: CachedFile, patches: Patches): Snapshot[] {
  if (cached.reading.kind !== 'blocks') {
    if (cached.reading.kind === 'template')
      w.report(
        warning('parse/unsupported', `${file.path} has no {% snapshot %} block, so it is not read.`, {
          span: { file: file.path, line: 1, column: 1 },
          help: 'Wrap its query in {% snapshot name %} … {% endsnapshot %}, or write the snapshot in YAML.',
        }),
      );
    return [];
  }
  return cached.reading.blocks.map((b) => {
    const code: Code = { kind: 'text', text: b.body, firstLine: b.firstLine };
    const piece: Piece = {
      file,
      cached,
      reading: b.reading,
      name: b.name,
      code,
      text: () => b.body,
      firstLine: b.firstLine,
      place: { span: { file: file.path, line: b.line, column: b.column } },
    };
    return finishSnapshot(w, files, piece, fqnOf(w.pkg, file.base, file.path, b.name), patches.snapshots.get(b.name));
  });
}

/** A snapshot written in YAML: `relation: ref('orders')` stands for its query. */
export function buildYamlSnapshot(w: Workshop, files: SqlFiles, patch: Patch<RelationEntry>): Snapshot | undefined {
  const { entry, file, path } = patch;
  if (entry.relation === undefined) return undefined;
  patch.used = true;
  const text = `select * from {{ ${entry.relation} }}`;
  const at = w.spanOf({ yaml: file, path: [...path, 'relation'], on: 'value' });
  const found: FoundFile = { path: file, kind: 'snapshot', base: file.split('/')[0] ?? '', size: 0, mtimeMs: 0 };
  const cached: CachedFile = { size: 0, mtimeMs: 0, checksum: text, reading: { kind: 'template', reading: readTemplate('', file) } };
  let reading: TemplateReading;
  try {
    reading = readTemplate(text, file, at.line);
  } catch (e) {
    if (!(e instanceof Failure)) throw e;
    w.report(
      error('parse/wrong-type', `'relation' of snapshot '${entry.name}' must be a ref() or a source(), not '${entry.relation}'.`, {
        span: at,
        help: "Write relation: ref('orders').",
      }),
    );
    return undefined;
  }
  const moved = {
    ...reading,
    refs: reading.refs.map((r) => ({ ...r, at: [at.line, at.column, at.endColumn ?? at.column + 1] as const })),
    sources: reading.sources.map((r) => ({ ...r, at: [at.line, at.column, at.endColumn ?? at.column + 1] as const })),
  };
  const piece: Piece = {
    file: found,
    cached,
    reading: moved,
    name: entry.name,
    code: { kind: 'text', text, firstLine: at.line },
    text: () => text,
    firstLine: at.line,
    place: { yaml: file, path: [...path, 'name'] satisfies Path, on: 'value' },
  };
  return finishSnapshot(w, files, piece, fqnOf(w.pkg, found.base, file, entry.name), patch);
}

function finishSnapshot(w: Workshop, files: SqlFiles, piece: Piece, fqn: readonly string[], patch: Patch<RelationEntry> | undefined): Snapshot {
  const settled = settle(w, files, piece, 'snapshot', fqn, patch, `snapshot '${piece.name}'`);
  const { config } = settled;
  const snapshot: Snapshot = {
    type: 'snapshot',
    id: `snapshot.${w.pkg}.${piece.name}`,
    package: w.pkg,
    name: piece.name,
    file: piece.file.path,
    fqn,
    ...common(piece, settled),
    relation: { database: null, schema: '', identifier: piece.name },
    alias: piece.name,
  };
  checkSnapshotConfig(w, snapshot);
  const named = nameRelation(w, snapshot, {
    schema: config['schema'],
    database: config['database'] ?? config['target_database'],
    alias: config['alias'],
    fallback: piece.name,
  });
  const asItIs = config['target_schema'];
  return { ...snapshot, ...named, relation: asItIs === undefined || asItIs === null ? named.relation : { ...named.relation, schema: String(asItIs) } };
}

function checkSnapshotConfig(w: Workshop, s: Snapshot): void {
  const { config } = s;
  if (!config.enabled) return;
  const bad = (message: string, help: string): void => w.report(error('parse/bad-config', message, { span: w.spanOf(s.place), help }));
  const strategy = config['strategy'];
  if (asList(config['unique_key']).length === 0)
    bad(
      `Snapshot '${s.name}' has no unique_key, so versions of a row cannot be told apart.`,
      'Add unique_key: the column (or a list of columns) that identifies a row.',
    );
  if (strategy === undefined) bad(`Snapshot '${s.name}' has no strategy.`, 'Add strategy: timestamp (with updated_at) or strategy: check (with check_cols).');
  else if (strategy === 'timestamp') {
    if (config['updated_at'] === undefined)
      bad(`Snapshot '${s.name}' uses the strategy timestamp and has no updated_at.`, 'Add updated_at: the column that says when a row last changed.');
  } else if (strategy === 'check') {
    const cols = config['check_cols'];
    if (!(cols === 'all' || (Array.isArray(cols) && cols.length > 0)))
      bad(`Snapshot '${s.name}' uses the strategy check and has no check_cols.`, 'Add check_cols: a list of columns, or all.');
  } else if (w.facts.macros.find(`snapshot_${String(strategy)}_strategy`, w.pkg) === undefined)
    bad(`Snapshot '${s.name}' has the strategy '${String(strategy)}', which does not exist.`, 'Use timestamp or check.');
  else bad(`Snapshot '${s.name}' uses a strategy of the project's own, which dwt does not support.`, 'Use timestamp or check.');
}
