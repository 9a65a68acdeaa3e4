// A piece of SQL on its way to a resource: what its file, its properties and its folder say of it, settled.
import { placedColumns } from './columns.ts';
import { Failure, type Span } from '../diagnostics/diagnostic.ts';
import type { Config } from '../project/config.ts';

import type { Analysis, Code, ColumnProperties, Place, Written } from '../project/resources.ts';
import { isMapping } from '../project/shape.ts';
import { configInSql, configPlace } from './config-place.ts';
import type { CachedFile, ParseCache } from './cache.ts';
import type { Patch } from './patches.ts';
import type { RelationEntry } from './properties.ts';
import { type ConfigReferences, configReferences } from './config-references.ts';
import { fromReading, fromRendering, PartlyRead, type References } from './references.ts';
import type { Purity } from './purity.ts';
import type { FoundFile } from './scan.ts';
import { type TemplateReading } from './sql-reading.ts';
import { checkConfig, configure, describe, entryConfig, readColumns, stem, type Workshop } from './workshop.ts';

export interface SqlFiles {
  readonly cache: ParseCache;
  readonly purity: Purity;
  /** Changes whenever a rendering may give something else: macros, variables, target. */
  readonly fingerprint: string;
  readonly readText: (file: string) => string;
  /** Names of the files of models, without folder and ending. */
  readonly stems: ReadonlySet<string>;
}

export interface Piece {
  readonly file: FoundFile;
  readonly cached: CachedFile;
  readonly reading: TemplateReading;
  readonly name: string;
  readonly code: Code;
  readonly text: () => string;
  readonly firstLine: number;
  readonly place: Place;
}

/** A whole file. */
export function pieceOf(file: FoundFile, cached: CachedFile, reading: TemplateReading, files: SqlFiles): Piece {
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
  if (files.purity.suffices(piece.reading, w.pkg)) return fromReading(w, piece.reading, piece.file.path);
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
    return e instanceof PartlyRead ? e.references : fromReading(w, piece.reading, piece.file.path);
  }
}

export interface Settled {
  readonly references: References;
  readonly configured: ConfigReferences;
  readonly config: Config;
  readonly description: string;
  readonly columns: Readonly<Record<string, ColumnProperties>>;
  readonly patchFile: string | null;
  readonly written: Written | null;
}

/** Configuration, references, description and columns of a piece, by its own and its property file's words. */
export function settle(
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
  checkConfig(w, references.config, type, (keyPath, on) => {
    const key = String(keyPath[0]);
    return configKeySpan(piece, references.configSpan, key, on === 'value' ? references.config[key] : undefined);
  });
  const config = configure(w, type, fqn, [...layers, references.config]);
  const self = { database: w.facts.target.database, schema: w.facts.target.schema, identifier: piece.name };
  return {
    references,
    config,
    configured: configReferences(w, files.purity, config, piece.file.path, self, (key, sql) => {
      const span = configInSql(piece.file.path, piece.text(), key, sql, piece.firstLine);
      return span === undefined ? configPlace({ file: piece.file.path, config, place: piece.place }, patch, key, null) : { span };
    }),
    description: patch === undefined ? '' : describe(w, patch.entry.description, patch.file, patch.path),
    columns: patch === undefined ? {} : readColumns(w, placedColumns(patch.entry.columns, patch.path), patch.file),
    patchFile: patch?.file ?? null,
    written: patch === undefined ? null : { entry: patch.entry, part: null },
  };
}

/** Where a config() call sets a key, or to what; the call, or the file's first line, where it does so otherwise. */
function configKeySpan(piece: Piece, call: Span | null, key: string, value: unknown): Span {
  return configInSql(piece.file.path, piece.text(), key, value, piece.firstLine) ?? call ?? { file: piece.file.path, line: piece.firstLine, column: 1 };
}

/** The fields that all templated resources take over. */
export function common(
  piece: Piece,
  s: Settled,
): Pick<
  Analysis,
  'config' | 'description' | 'columns' | 'place' | 'patch' | 'written' | 'refs' | 'sources' | 'macros' | 'configText' | 'code' | 'empty' | 'checksum'
> {
  return {
    config: s.config,
    description: s.description,
    columns: s.columns,
    place: piece.place,
    patch: s.patchFile,
    written: s.written,
    refs: withThose(s.references.refs, s.configured.refs, (r) => `${r.package}.${r.name}.${r.version}`),
    sources: withThose(s.references.sources, s.configured.sources, (r) => `${r.source}.${r.table}`),
    macros: withThose(piece.reading.calls, s.configured.calls, (c) => c),
    configText: piece.reading.configText,
    code: piece.code,
    ...(piece.reading.empty === true ? { empty: true as const } : {}),
    checksum: piece.cached.checksum,
  };
}

/** Those of the second list that the first does not have, after it. */
function withThose<T>(first: readonly T[], second: readonly T[], key: (t: T) => string): readonly T[] {
  if (second.length === 0) return first;
  const known = new Set(first.map(key));
  return [...first, ...second.filter((t) => !known.has(key(t)) && known.add(key(t)))];
}
