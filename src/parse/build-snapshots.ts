// Snapshots: a `{% snapshot %}` block of a SQL file, or an entry in YAML whose relation stands for its query.
import { error, Failure, type Span, warning } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { asList } from '../project/config.ts';
import type { Code, Snapshot } from '../project/resources.ts';
import { type Path } from '../project/shape.ts';
import type { CachedFile } from './cache.ts';
import { configPlace } from './config-place.ts';
import type { Patch, Patches } from './patches.ts';
import type { RelationEntry } from './properties.ts';

import type { FoundFile } from './scan.ts';
import { readTemplate, type TemplateReading } from './sql-reading.ts';
import { nameRelation } from './name-relation.ts';
import { fqnOf, stem, type Workshop } from './workshop.ts';

import { common, type Piece, settle, type SqlFiles } from './piece.ts';

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
    // As in dbt, the file is a folder of its snapshots.
    return finishSnapshot(w, files, piece, [...fqnOf(w.pkg, file.base, file.path, stem(file.path)), b.name], patches.snapshots.get(b.name));
  });
}

/** A snapshot written in YAML: `relation: ref('orders')` stands for its query. */
export function buildYamlSnapshot(w: Workshop, files: SqlFiles, patch: Patch<RelationEntry>): Snapshot | undefined {
  const { entry, file, path } = patch;
  if (entry.relation === undefined) return undefined;
  patch.used = true;
  const text = `select * from {{ ${entry.relation} }}`;
  const at = w.spanOf({ yaml: file, path: [...path, 'relation'], on: 'value' });
  const found: FoundFile = { path: file, kind: 'snapshot', base: file.split('/')[0] ?? '', size: 0, mtimeMs: 0, ctimeMs: 0 };
  const cached: CachedFile = { size: 0, mtimeMs: 0, ctimeMs: 0, checksum: text, reading: { kind: 'template', reading: readTemplate('', file) } };
  let reading: TemplateReading;
  try {
    reading = readTemplate(text, file, at.line);
    if (!/^\s*(\{\{)?\s*(ref|source)\s*\(/.test(entry.relation)) throw new Failure([]);
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
  const template = piece.file.path.endsWith('.sql') ? piece.text() : null;
  checkSnapshotConfig(w, snapshot, (key) => w.spanOf(configPlace(snapshot, patch, key, template, piece.firstLine)));
  const named = nameRelation(w, snapshot, {
    schema: config['schema'],
    database: config['database'] ?? config['target_database'],
    alias: config['alias'],
    fallback: piece.name,
  });
  const asItIs = config['target_schema'];
  return { ...snapshot, ...named, relation: asItIs === undefined || asItIs === null ? named.relation : { ...named.relation, schema: String(asItIs) } };
}

function checkSnapshotConfig(w: Workshop, s: Snapshot, spanOf: (key: string) => Span): void {
  const { config } = s;
  if (!config.enabled) return;
  const bad = (message: string, help: string, key?: string): void =>
    w.report(error('parse/bad-config', message, { span: key === undefined ? w.spanOf(s.place) : spanOf(key), help }));
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
    bad(
      `Snapshot '${s.name}' has the strategy '${String(strategy)}', which does not exist.`,
      didYouMean(String(strategy), ['timestamp', 'check']) ?? 'Use timestamp or check.',
      'strategy',
    );
  else bad(`Snapshot '${s.name}' uses a strategy of the project's own, which dwt does not support.`, 'Use timestamp or check.', 'strategy');
}
