// The name under which a file is written until it is whole: `.orders.csv.<process>-<random>.tmp` beside it. What a killed process left of the same file is cleared away.
import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Of this process, those that are being written. */
const inUse = new Set<string>();

/** A name for `path` until it is whole; `forget` it afterwards. */
export async function asideOf(path: string): Promise<string> {
  const [folder, name] = [dirname(path), basename(path)];
  for (const found of await readdir(folder)) {
    if (!found.startsWith(`.${name}.`)) continue;
    const tail = /^(?:(\d+)-)?[0-9a-f]{8}\.tmp$/.exec(found.slice(name.length + 2));
    if (tail !== null && !isWritten(join(folder, found), tail[1])) await rm(join(folder, found), { force: true });
  }
  const aside = join(folder, `.${name}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  inUse.add(aside);
  return aside;
}

export function forget(aside: string): void {
  inUse.delete(aside);
}

/** Whether a process that is alive writes the file. */
function isWritten(aside: string, id: string | undefined): boolean {
  if (id === undefined) return false;
  if (Number(id) === process.pid) return inUse.has(aside);
  try {
    process.kill(Number(id), 0);
    return true;
  } catch (e) {
    return (e as NodeJS.ErrnoException).code === 'EPERM';
  }
}
