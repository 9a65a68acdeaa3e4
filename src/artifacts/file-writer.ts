// Many small files, off the main thread: writing thousands of them would take longer than the run they describe. Files
// that would not change are left alone. Few files are written at once, without a thread. What the file system refuses is told at the end.
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { Worker } from 'node:worker_threads';
import { isRefusal, type Why } from '../files/refusal.ts';
import { makeFolder } from '../files/write.ts';

const BATCH = 100;

type Entry = readonly [path: string, text: string];

/** A file that could not be written, and why; as it comes from the thread. */
export interface Refusal {
  readonly path: string;
  readonly why: Why;
}

/** A folder that is ours, and those below it that are known to be there. */
export interface Folders {
  readonly own: string;
  readonly there: Set<string>;
}

export class FileWriter {
  private readonly own: string;
  private waiting: Entry[] = [];
  private worker: Worker | undefined;
  private failure: Error | undefined;
  private readonly refused: Refusal[] = [];

  /** `own`: the folder below which everything is written. Absolute. */
  constructor(own: string) {
    this.own = own;
  }

  /** Takes a file to write; it may be written later, and is by the end of `close`. */
  write(path: string, text: string): void {
    this.waiting.push([path, text]);
    if (this.waiting.length >= BATCH) this.send();
  }

  /** Ends when everything is on disk, or has been refused. */
  async close(): Promise<readonly Refusal[]> {
    if (this.worker === undefined) return writeAll(this.waiting, { own: this.own, there: new Set() });
    const { worker } = this;
    worker.postMessage(this.waiting);
    worker.postMessage('end');
    await new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    if (this.failure !== undefined) throw this.failure;
    return this.refused;
  }

  private send(): void {
    if (this.worker === undefined) {
      this.worker = new Worker(new URL('./file-writer-worker.js', import.meta.url), { workerData: this.own });
      this.worker.on('error', (e) => (this.failure ??= e));
      this.worker.on('message', (refused: readonly Refusal[]) => this.refused.push(...refused));
    }
    this.worker.postMessage(this.waiting);
    this.waiting = [];
  }
}

/** Writes files; returns what was refused. */
export function writeAll(entries: readonly Entry[], folders: Folders): Refusal[] {
  const refused: Refusal[] = [];
  for (const [path, text] of entries) {
    try {
      writeIfChanged(path, text, folders);
    } catch (e) {
      if (!isRefusal(e)) throw e;
      refused.push({ path, why: { message: e.message, ...(e.code === undefined ? {} : { code: e.code }) } });
    }
  }
  return refused;
}

/** Writes a file unless it holds that text already. */
function writeIfChanged(path: string, text: string, folders: Folders): void {
  const folder = dirname(path);
  if (!folders.there.has(folder)) {
    makeRoom(folder, folders.own);
    folders.there.add(folder);
  }
  const old = statSync(path, { throwIfNoEntry: false });
  if (old?.isDirectory() === true) rmSync(path, { recursive: true });
  else if (old?.size === Buffer.byteLength(text) && readFileSync(path, 'utf8') === text) return;
  try {
    writeFileSync(path, text);
  } catch (e) {
    // Half a file would pass for the whole.
    if ((e as NodeJS.ErrnoException).code === 'ENOSPC') rmSync(path, { force: true });
    throw e;
  }
}

/** A file of an earlier run that stands where a folder has to be gives way, within the folder that is ours. */
function makeRoom(folder: string, own: string): void {
  try {
    makeFolder(folder);
  } catch (e) {
    const { code } = e as NodeJS.ErrnoException;
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw e;
    let inTheWay = folder;
    while (!existsSync(inTheWay)) inTheWay = dirname(inTheWay);
    if (!inTheWay.startsWith(`${own}${sep}`)) throw e;
    rmSync(inTheWay);
    makeFolder(folder);
  }
}
