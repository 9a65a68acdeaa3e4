// Seeds: a CSV file, its properties and its folder's configuration become a resource. The file's content is read when
// it is loaded; its checksum is of the content up to a size, as in dbt.
import { placedColumns } from './columns.ts';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Seed } from '../project/resources.ts';
import { Failure, warning } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { readBytes } from '../files/read.ts';
import { isMapping, type Path } from '../project/shape.ts';
import type { Patch, Patches } from './patches.ts';
import type { RelationEntry } from './properties.ts';
import { indexIn } from './prune.ts';
import type { FoundFile } from './scan.ts';
import { nameRelation } from './name-relation.ts';
import { checkConfig, configure, describe, entryConfig, fqnOf, readColumns, stem, type Workshop } from './workshop.ts';

const HASHED_BYTES = 1024 * 1024;

export function buildSeed(w: Workshop, file: FoundFile, patches: Patches): Seed {
  const name = stem(file.path.replace(/\.gz$/, ''));
  const fqn = fqnOf(w.pkg, file.base, file.path, name);
  const patch = patches.seeds.get(name);
  const own = patch === undefined ? {} : entryConfig(w, patch.entry, patch.file, patch.path);
  if (patch !== undefined) {
    patch.used = true;
    checkConfig(w, own, 'seed', (path, on) =>
      w.spanOf({
        yaml: patch.file,
        path: [...patch.path, ...(isMapping(patch.entry.config) && Object.hasOwn(patch.entry.config, String(path[0])) ? ['config'] : []), ...path],
        on,
      }),
    );
  }
  const config = configure(w, 'seed', fqn, [own]);
  const seed: Seed = {
    type: 'seed',
    id: `seed.${w.pkg}.${name}`,
    package: w.pkg,
    name,
    file: file.path,
    fqn,
    config,
    description: patch === undefined ? '' : describe(w, patch.entry.description, patch.file, patch.path),
    columns: patch === undefined ? {} : readColumns(w, placedColumns(patch.entry.columns, patch.path), patch.file),
    place: { span: { file: file.path, line: 1, column: 1 } },
    patch: patch?.file ?? null,
    written: patch === undefined ? null : { entry: patch.entry, part: null },
    relation: { database: null, schema: '', identifier: name },
    alias: name,
    checksum: file.size > HASHED_BYTES ? `path:${file.path}` : contentHash(w, file.path),
  };
  if (patch !== undefined) checkColumns(w, file, patch, seed);
  return { ...seed, ...nameRelation(w, seed, { schema: config['schema'], database: config['database'], alias: config['alias'], fallback: name }) };
}

/** Line endings and white space around the whole do not count, as in dbt. */
function contentHash(w: Workshop, file: string): string {
  let text: string;
  try {
    text = readBytes(w.root, file).toString('utf8');
  } catch (e) {
    if (!(e instanceof Failure)) throw e;
    for (const d of e.diagnostics) w.report(d);
    return '';
  }
  return createHash('sha256').update(text.replace(/\r\n?/g, '\n').trim()).digest('hex');
}

/** Columns that the property file describes or types, and the file does not have. */
function checkColumns(w: Workshop, file: FoundFile, patch: Patch<RelationEntry>, seed: Seed): void {
  const types = isMapping(seed.config['column_types']) ? Object.keys(seed.config['column_types']) : [];
  const described = (patch.entry.columns ?? []).map((c) => String(c.name));
  if ((types.length === 0 && described.length === 0) || file.path.endsWith('.gz')) return;
  const header = readHeader(join(w.root, file.path), String(seed.config['delimiter'] ?? ','));
  if (header === undefined) return;
  const known = new Set(header.map((h) => h.toLowerCase()));
  const complain = (name: string, path: Path, on: 'key' | 'value', what: string): void => {
    if (known.has(name.toLowerCase())) return;
    const span = w.spanOf({ yaml: patch.file, path: [...patch.path, ...path], on });
    w.report(
      warning('parse/unknown-column', `${what} '${name}', which ${file.path} does not have.`, {
        span,
        help: didYouMean(name, header) ?? `Its columns: ${header.join(', ')}.`,
      }),
    );
  };
  described.forEach((name, i) => complain(name, ['columns', indexIn(patch.entry.columns!, i), 'name'], 'value', `Seed '${seed.name}' describes a column`));
  for (const name of types) complain(name, ['config', 'column_types', name], 'key', `column_types of seed '${seed.name}' names a column`);
}

/** Names in the first line; undefined where they do not fit one plain line, which loading will say better. */
function readHeader(path: string, delimiter: string): string[] | undefined {
  const buffer = Buffer.alloc(64 * 1024);
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const text = buffer.toString('utf8', 0, readSync(fd, buffer)).replace(/^\uFEFF/, '');
    const end = text.search(/\r?\n/);
    const line = end < 0 ? text : text.slice(0, end);
    if (line === '' || (line.split('"').length - 1) % 2 === 1) return undefined;
    return line.split(delimiter).map((h) => h.trim().replace(/^"(.*)"$/, '$1'));
  } finally {
    closeSync(fd);
  }
}
