// A CSV file in the one form that every reader agrees on: UTF-8, commas, `\n`, text in quotes, nulls as nothing. In: a path.
// Out: a temporary file, to be removed by the caller. Only for files that DuckDB's reader refuses though they are well-formed.
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isRefusal, reasonOf } from '../../files/refusal.ts';
import { LoadFailure } from '../failures.ts';
import { readHeader, readRecords } from '../csv/records.ts';
import type { CsvOptions } from '../csv/scan.ts';

/** Writes the file, streamed. */
export async function writeNormalized(source: string, options: CsvOptions): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dwt-seed-')).catch(noCopy);
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const target = path.join(folder, 'seed.csv');
  try {
    const header = await readHeader(source, options);
    await pipeline(async function* () {
      yield `${header.map(quoted).join(',')}\n`;
      for await (const batch of readRecords(source, options))
        yield batch.map((record) => `${record.fields.map((field) => (field === null ? '' : quoted(field))).join(',')}\n`).join('');
    }, createWriteStream(target));
    return { path: target, remove };
  } catch (thrown) {
    await remove();
    return noCopy(thrown);
  }
}

function noCopy(thrown: unknown): never {
  if (!isRefusal(thrown) || thrown.syscall === 'open') throw thrown;
  throw new LoadFailure(`Its lines end in several ways, so DuckDB needs a copy, which could not be written to ${tmpdir()}: ${reasonOf(thrown)}.`, {
    help: 'Save the file with line ends of one kind, or name another folder: TMPDIR',
  });
}

function quoted(field: string): string {
  return `"${field.replaceAll('"', '""')}"`;
}
