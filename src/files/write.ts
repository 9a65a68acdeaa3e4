// One file, aside and then in place, so that a reader never sees half of it. What the file system refuses is thrown as it is; nothing is left aside then.
import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const BLOCK = 1 << 20;

/** Writes a file from pieces of text. `aside`: its name until it is whole. */
export function writeWhole(path: string, texts: Iterable<string>, aside = `${path}.tmp`): void {
  makeFolder(dirname(path));
  try {
    const file = openSync(aside, 'w');
    try {
      let waiting = '';
      for (const text of texts) {
        waiting += text;
        if (waiting.length < BLOCK) continue;
        writeAll(file, waiting);
        waiting = '';
      }
      writeAll(file, waiting);
    } finally {
      closeSync(file);
    }
    renameSync(aside, path);
  } catch (e) {
    removeQuietly(aside);
    throw e;
  }
}

/** A disk that is nearly full takes a part: only the next part is refused. */
function writeAll(file: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}

/** Makes a folder and those above it. Returns the first that was not there. */
export function makeFolder(folder: string): string | undefined {
  try {
    return mkdirSync(folder, { recursive: true });
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'ENOENT') throw e;
    // So Node says where the folder above may not be written to; asking that one gives the reason.
    let above = dirname(folder);
    while (!existsSync(above) && dirname(above) !== above) above = dirname(above);
    accessSync(above, constants.W_OK);
    throw e;
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It may not have been made.
  }
}
