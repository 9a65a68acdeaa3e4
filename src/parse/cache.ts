// The parse cache: what each file said, by path, size and times, and by content hash where time is not enough. Nothing
// changed: nothing is read. It is advice only: lost, stale or broken, it is made again.
import { readFileSync, statSync } from 'node:fs';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { isRefusal, unreadable } from '../files/refusal.ts';
import { writeWhole } from '../files/write.ts';
import { type FloatPlace, floatsIn, restoreFloats } from '../project/float.ts';
import { digest } from './digest.ts';
import { decodeUtf8, notUtf8 } from './encoding.ts';
import type { FoundFile } from './scan.ts';
import { attemptReading, type FileReading, readBlocks, readDocs, readMacros, readTemplate } from './sql-reading.ts';
import { readYamlAsFarAsItGoes } from './yaml.ts';

export interface CachedFile {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly checksum: string;
  readonly reading: FileReading;
  /** Of a property file: where integral floats and long integers stand in it. */
  readonly floats?: readonly FloatPlace[];
  /** Of a property file: its shape was looked at, and nothing is wrong with it. */
  sound?: true;
  /** What rendering a dynamic template gave, by the state of everything it may depend on. */
  rendered?: { readonly fingerprint: string; readonly result: unknown };
}

interface CacheFile {
  readonly version: string;
  readonly writtenAt: number;
  readonly files: Record<string, CachedFile>;
}

/** Another build of the same version may read files otherwise. */
export function cacheVersion(version: string): string {
  return `${version} ${statSync(new URL(import.meta.url)).mtimeMs}`;
}

/** A file touched so shortly before the cache was written may have changed again within the clock's step. */
const RACY_MS = 1500;

/** A file of the project and what reading it gave, now or before. */
export interface Reading {
  readonly file: FoundFile;
  readonly cached: CachedFile;
}

export class ParseCache {
  private readonly path: string;
  private readonly version: string;
  private readonly before: CacheFile | undefined;
  private readonly files = new Map<string, CachedFile>();
  private changed = false;
  private readonly began = Date.now();

  /** `version` changes whenever readings of this program mean something else. What `earlier` holds need not be read from the disk. */
  constructor(path: string, version: string, earlier?: ParseCache) {
    this.path = path;
    this.version = cacheVersion(version);
    if (earlier !== undefined && earlier.path === path && earlier.version === this.version) {
      this.before = { version: this.version, writtenAt: earlier.began, files: Object.fromEntries(earlier.files) };
      this.changed = earlier.changed;
      return;
    }
    try {
      const read = JSON.parse(readFileSync(path, 'utf8')) as CacheFile;
      if (read.version === this.version) this.before = read;
    } catch {
      // There is none yet, or it is broken.
    }
  }

  /** The reading of a file, from the cache or from the file itself. */
  read(root: string, file: FoundFile, checkDeclaration?: CheckDeclaration): CachedFile {
    const old = this.before?.files[file.path];
    const { size, mtimeMs, ctimeMs } = file;
    // A file put in place of another may have its size and the time it was written at; when it was put there nobody can choose.
    const settled =
      old !== undefined &&
      old.size === size &&
      old.mtimeMs === mtimeMs &&
      old.ctimeMs === ctimeMs &&
      Math.max(mtimeMs, ctimeMs) < this.before!.writtenAt - RACY_MS;
    let entry: CachedFile;
    if (old?.floats !== undefined && old.reading.kind === 'yaml') restoreFloats(old.reading.data, old.floats);
    if (settled) entry = old;
    else {
      const bytes = bytesOf(root, file.path);
      if (!Buffer.isBuffer(bytes)) return { size, mtimeMs, ctimeMs, checksum: '', reading: { kind: 'failed', diagnostics: [bytes] } };
      const checksum = digest('sha1', bytes);
      entry =
        old?.checksum === checksum
          ? { ...old, size, mtimeMs, ctimeMs }
          : withFloats({ size, mtimeMs, ctimeMs, checksum, reading: readFile(file, bytes, checkDeclaration) });
      this.changed = true;
    }
    this.files.set(file.path, entry);
    return entry;
  }

  /** A rendering kept for this state of the project, or the one just made. */
  rendered<T>(entry: CachedFile, fingerprint: string, render: () => T): T {
    if (entry.rendered?.fingerprint === fingerprint) return entry.rendered.result as T;
    const result = render();
    entry.rendered = { fingerprint, result };
    this.changed = true;
    return result;
  }

  /** Keeps that a file's shape is as it should be. */
  markSound(entry: CachedFile): void {
    entry.sound = true;
    this.changed = true;
  }

  /** Writes the cache, aside and then in place; failing to is no failure. */
  save(): void {
    if (!this.changed && this.before !== undefined && this.files.size === Object.keys(this.before.files).length) return;
    try {
      const text = JSON.stringify({ version: this.version, writtenAt: this.began, files: Object.fromEntries(this.files) } satisfies CacheFile);
      writeWhole(this.path, [text], `${this.path}.${process.pid}.tmp`);
      this.changed = false;
    } catch {
      // A read-only folder, a full disk: the next run reads the files again.
    }
  }
}

function withFloats(entry: CachedFile): CachedFile {
  const floats = entry.reading.kind === 'yaml' ? floatsIn(entry.reading.data) : [];
  return floats.length === 0 ? entry : { ...entry, floats };
}

/** The bytes of a file, or why there are none. One that has gone since the folder was read is as if it had not been there. */
function bytesOf(root: string, path: string): Buffer | Diagnostic {
  try {
    return readFileSync(`${root}/${path}`);
  } catch (e) {
    if (!isRefusal(e)) throw e;
    return unreadable(path, e, e.code === 'ENOENT' ? 'warning' : 'error');
  }
}

/** What is wrong with a declaration of sample data; there is nothing in it that a project is made of. */
export type CheckDeclaration = (text: string, file: string) => readonly Diagnostic[];

function isPropertyFile(text: string): boolean {
  return /^(version|seeds|models|sources)\s*:/m.test(text);
}

function readFile(file: FoundFile, bytes: Buffer, checkDeclaration: CheckDeclaration | undefined): FileReading {
  const text = decodeUtf8(bytes);
  if (text === undefined) {
    return { kind: 'failed', diagnostics: [notUtf8(bytes, file.path)] };
  }
  return attemptReading(() => {
    // A property file may have the name of a declaration.
    switch (file.kind === 'declaration' && isPropertyFile(text) ? 'properties' : file.kind) {
      case 'model':
      case 'analysis':
      case 'test':
        return { kind: 'template', reading: readTemplate(text, file.path) };
      case 'snapshot':
        return /\{%-?\+?\s*snapshot\b/.test(text)
          ? { kind: 'blocks', blocks: readBlocks(text, file.path) }
          : { kind: 'template', reading: readTemplate(text, file.path) };
      case 'macro':
        return { kind: 'macros', macros: readMacros(text, file.path) };
      case 'docs':
        return { kind: 'docs', docs: readDocs(text, file.path) };
      case 'declaration': {
        const mistakes = checkDeclaration?.(text, file.path) ?? [];
        return mistakes.length > 0 ? { kind: 'failed', diagnostics: mistakes } : { kind: 'template', reading: readTemplate('', file.path) };
      }
      case 'properties': {
        const { data, mistakes, lost } = readYamlAsFarAsItGoes(text, file.path);
        if (data === undefined) return { kind: 'failed', diagnostics: mistakes };
        return mistakes.length === 0 ? { kind: 'yaml', data } : { kind: 'yaml', data, mistakes, ...(lost === undefined ? {} : { lost }) };
      }
      case 'seed':
      case 'python':
        return { kind: 'template', reading: readTemplate('', file.path) };
    }
  });
}
