// Many small files, off the main thread: writing thousands of them would take longer than the run they describe. Files
// that would not change are left alone. Few files are written at once, without a thread.
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';

const BATCH = 100;

type Entry = readonly [path: string, text: string];

export class FileWriter {
  private waiting: Entry[] = [];
  private worker: Worker | undefined;
  private failure: Error | undefined;

  /** Takes a file to write; it may be written later, and is by the end of `close`. */
  write(path: string, text: string): void {
    this.waiting.push([path, text]);
    if (this.waiting.length >= BATCH) this.send();
  }

  /** Ends when everything is on disk. Throws the first failure. */
  async close(): Promise<void> {
    if (this.worker === undefined) {
      const folders = new Set<string>();
      for (const [path, text] of this.waiting) writeIfChanged(path, text, folders);
      return;
    }
    const { worker } = this;
    worker.postMessage(this.waiting);
    worker.postMessage('end');
    await new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    if (this.failure !== undefined) throw this.failure;
  }

  private send(): void {
    if (this.worker === undefined) {
      this.worker = new Worker(new URL('./file-writer-worker.js', import.meta.url));
      this.worker.on('error', (e) => (this.failure ??= e));
    }
    this.worker.postMessage(this.waiting);
    this.waiting = [];
  }
}

/** Writes a file unless it holds that text already. */
export function writeIfChanged(path: string, text: string, folders: Set<string>): void {
  const folder = dirname(path);
  if (!folders.has(folder)) {
    makeFolder(folder);
    folders.add(folder);
  }
  const old = statSync(path, { throwIfNoEntry: false });
  if (old?.isDirectory() === true) rmSync(path, { recursive: true });
  else if (old?.size === Buffer.byteLength(text) && readFileSync(path, 'utf8') === text) return;
  writeFileSync(path, text);
}

/** A file of an earlier run that stands where a folder has to be gives way: all this lies in the target folder. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (e) {
    const { code } = e as NodeJS.ErrnoException;
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw e;
    let inTheWay = folder;
    while (!existsSync(inTheWay)) inTheWay = dirname(inTheWay);
    rmSync(inTheWay);
    mkdirSync(folder, { recursive: true });
  }
}
