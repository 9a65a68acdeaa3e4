// What can be wrong with a CSV file. In: what the scan came upon. Out: `LoadFailure`s with the file's line, the column where there is one,
// and what to do about it.
import { isUtf8 } from 'node:buffer';
import { LoadFailure } from '../failures.ts';

const LF = 10;

/** Refuses a header without names, or with the same name twice. */
export function checkHeader(header: readonly string[]): void {
  const seen = new Map<string, number>();
  header.forEach((name, i) => {
    if (name.trim() === '') {
      if (header.length === 1)
        throw new LoadFailure('The file has no header: its first line is empty.', { line: 1, help: 'The first line must name the columns.' });
      throw new LoadFailure(`Column ${i + 1} has no name.`, { line: 1, help: 'Name every column in the first line.' });
    }
    const other = seen.get(name.toLowerCase());
    if (other !== undefined)
      throw new LoadFailure(`Columns ${other + 1} and ${i + 1} have the same name, '${name}'.`, {
        line: 1,
        columnName: name,
        help: 'Names must differ, and not by case alone.',
      });
    seen.set(name.toLowerCase(), i);
  });
}

/** A record with more or fewer fields than the header has. */
export function ragged(header: readonly string[], found: number, at: { readonly line: number; readonly column: number }): LoadFailure {
  const message = `There ${found === 1 ? 'is 1 field' : `are ${found} fields`} where the header has ${header.length}.`;
  return found < header.length
    ? new LoadFailure(message, { ...at, ...named(header[found]), help: `'${header[found]}' and what follows is missing.` })
    : new LoadFailure(message, { ...at, ...named(header.at(-1)), help: 'A field that contains the delimiter must be in quotes.' });
}

/** The column, for a failure that may have none. */
export function named(column: string | undefined): { columnName?: string } {
  return column === undefined ? {} : { columnName: column };
}

/** Refuses bytes that are not UTF-8, at their line. */
export function checkUtf8(bytes: Buffer, firstLine: number): void {
  if (isUtf8(bytes)) return;
  let line = firstLine;
  for (let from = 0; from < bytes.length; line++) {
    const newline = bytes.indexOf(LF, from);
    const to = newline < 0 ? bytes.length : newline + 1;
    if (!isUtf8(bytes.subarray(from, to))) break;
    from = to;
  }
  throw new LoadFailure('The file is not UTF-8 here.', { line, help: 'Save it as UTF-8 (in a spreadsheet: "CSV UTF-8").' });
}

/** What went wrong with the file itself, in plain words. */
export function readable(thrown: unknown): unknown {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'ENOENT') return new LoadFailure('The file does not exist.');
  if (code === 'EISDIR') return new LoadFailure('This is a folder, not a file.');
  if (code === 'EACCES' || code === 'EPERM') return new LoadFailure('The file may not be read.');
  if (code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE') return new LoadFailure('The file ends in .gz and is not a complete gzip file.');
  return thrown;
}
