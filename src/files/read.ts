// One file of the project, as bytes. Throws `Failure` where it cannot be read.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { error, Failure } from '../diagnostics/diagnostic.ts';
import { isRefusal, unreadable } from './refusal.ts';

/** The bytes of `root`/`file`. What is no file, such as a pipe, is not waited for. */
export function readBytes(root: string, file: string): Buffer {
  try {
    const path = join(root, file);
    const stat = statSync(path);
    if (!stat.isFile() && !stat.isDirectory()) throw new Failure(error('files/not-read', `${file} cannot be read: it is no file.`));
    return readFileSync(path);
  } catch (e) {
    throw isRefusal(e) ? new Failure(unreadable(file, e)) : e;
  }
}
