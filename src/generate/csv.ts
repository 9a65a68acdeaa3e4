// Rows to a CSV file (RFC 4180, \n, UTF-8). In: cells. Out: a file written aside, which `settle` renames into place or, if
// nothing changed, removes. Memory is a buffer; a slow disk holds the writer back.
import { open, rename, rm, stat } from 'node:fs/promises';
import { asideOf, forget } from './aside.ts';
import { textOf, type Value } from './value.ts';

/** A file that is being written. */
export interface CsvFile {
  /** Adds a row; when it gives a promise, wait for it before the next. */
  row(cells: readonly Value[]): Promise<void> | undefined;
  /** Writes the rest, and looks whether anything changed; `check` may throw on the way. After that, `settle` or `discard`. */
  finish(check: () => void): Promise<void>;
  /** Puts the file into place; false where the one there had the same bytes and was left alone. */
  settle(): Promise<boolean>;
  discard(): Promise<void>;
}

const BUFFER = 1 << 18;

/** Begins the file `path`, its header first. `columns` are the positions of the cells to be written. */
export async function createCsv(path: string, header: readonly string[], columns: readonly number[]): Promise<CsvFile> {
  const aside = await asideOf(path);
  const handle = await open(aside, 'w');
  let buffer = Buffer.allocUnsafe(BUFFER);
  let used = 0;
  let closed = false;
  let same = false;
  let written: Promise<void> = Promise.resolve();
  const flush = (): Promise<void> => {
    const full = buffer.subarray(0, used);
    buffer = Buffer.allocUnsafe(BUFFER);
    used = 0;
    return (written = written.then(() => handle.writeFile(full)));
  };
  // Straight into bytes: text that is added to and added to is a tree that the garbage collector walks again and again.
  const append = (line: string): Promise<void> | undefined => {
    const most = line.length * 3;
    const flushed = used + most > BUFFER ? flush() : undefined;
    if (most > BUFFER) return (written = written.then(() => handle.writeFile(line)));
    used += buffer.write(line, used);
    return flushed;
  };
  void append(`${header.map(quote).join(',')}\n`);
  const close = async (): Promise<void> => {
    if (!closed) await handle.close();
    closed = true;
  };
  return {
    row(cells) {
      let line = '';
      for (let i = 0; i < columns.length; i++) {
        if (i > 0) line += ',';
        line += cellText(cells[columns[i]!] ?? null);
      }
      return append(`${line}\n`);
    },
    async finish(check) {
      await flush();
      await close();
      same = await sameBytes(aside, path, check);
    },
    async settle() {
      if (same) await rm(aside);
      else await rename(aside, path);
      forget(aside);
      return !same;
    },
    async discard() {
      // Of a disk that is full, closing may say so once more.
      await close().catch(() => {});
      await rm(aside, { force: true });
      forget(aside);
    },
  };
}

/** A cell as it stands in the file: nothing for null, `""` for the empty text. */
export function cellText(value: Value): string {
  return typeof value === 'string' ? quote(value) : textOf(value);
}

function quote(text: string): string {
  return /[",\n\r]|^\s|\s$|^$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function sameBytes(a: string, b: string, check: () => void): Promise<boolean> {
  const [x, y] = await Promise.all([stat(a), stat(b).catch(() => undefined)]);
  if (y === undefined || !y.isFile() || x.size !== y.size) return false;
  const [one, other] = await Promise.all([open(a), open(b)]);
  try {
    const [left, right] = [Buffer.alloc(BUFFER), Buffer.alloc(BUFFER)];
    for (let position = 0; position < x.size;) {
      check();
      const length = Math.min(BUFFER, x.size - position);
      const [{ bytesRead }, { bytesRead: others }] = await Promise.all([one.read(left, 0, length, position), other.read(right, 0, length, position)]);
      if (bytesRead === 0 || bytesRead !== others || left.compare(right, 0, bytesRead, 0, bytesRead) !== 0) return false;
      position += bytesRead;
    }
    return true;
  } finally {
    await Promise.all([one.close(), other.close()]);
  }
}
