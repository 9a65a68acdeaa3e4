// What project.yml said when it was last read, by its content: reading YAML takes longer than all else about an unchanged
// small project. Advice only, like the parse cache beside it.
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { writeWhole } from '../files/write.ts';
import { type FloatPlace, floatsIn, restoreFloats } from '../project/float.ts';
import { cacheVersion } from './cache.ts';
import { digest } from './digest.ts';

interface Kept {
  readonly version: string;
  readonly checksum: string;
  readonly data: unknown;
  /** Where integral floats and long integers stand in it. */
  readonly floats: readonly FloatPlace[];
}

export class ProjectCache {
  private readonly path: string;
  private readonly version: string;
  private kept: Kept | undefined;
  private changed = false;

  constructor(path: string, version: string) {
    this.path = path;
    this.version = cacheVersion(version);
    try {
      const kept = JSON.parse(readFileSync(path, 'utf8')) as Kept;
      restoreFloats(kept.data, kept.floats ?? []);
      this.kept = kept;
    } catch {
      // There is none yet, or it is broken.
    }
  }

  /** The data of a file of this content, or what `read` makes of it; undefined where that cannot be kept. */
  data(bytes: Buffer, read: () => { readonly data?: unknown; readonly sound: boolean }): unknown {
    const checksum = digest('sha1', bytes);
    if (this.kept?.version === this.version && this.kept.checksum === checksum) return this.kept.data;
    const { data, sound } = read();
    this.kept = sound ? { version: this.version, checksum, data, floats: floatsIn(data) } : undefined;
    this.changed = sound;
    return data;
  }

  /** Writes it; failing to is no failure. */
  save(): void {
    if (!this.changed || this.kept === undefined) return;
    try {
      const text = JSON.stringify(this.kept);
      // What JSON has no word for, such as .nan, is read again each time.
      const back = JSON.parse(text) as Kept;
      restoreFloats(back.data, this.kept.floats);
      if (!isDeepStrictEqual(back.data, this.kept.data)) return;
      writeWhole(this.path, [text], `${this.path}.${process.pid}.tmp`);
    } catch {
      // A read-only folder, a full disk.
    }
  }
}
