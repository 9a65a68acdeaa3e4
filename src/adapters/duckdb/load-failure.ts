// Why DuckDB refused a file that the scan found well-formed. In: the driver's error. Out: a `LoadFailure` with the line, the column and
// the value, or a `StatementFailure` where the file is not to blame.
import { LoadFailure } from '../failures.ts';
import type { LoadRequest } from '../adapter.ts';
import type { StatementFailure } from '../failures.ts';
import { misfit } from '../csv/infer.ts';
import type { CsvColumn } from '../csv/infer.ts';
import { readRecords } from '../csv/records.ts';
import { plainMessage, toStatementFailure } from './errors.ts';

/** What the error is, for the person who wrote the file. */
export async function explainRefusal(
  thrown: unknown,
  request: LoadRequest,
  columns: readonly CsvColumn[],
  typeOf: (column: CsvColumn) => string,
): Promise<LoadFailure | StatementFailure> {
  const failure = toStatementFailure(thrown, '');
  const raw = thrown instanceof Error ? plainMessage(thrown) : failure.message;
  const about = / when converting column "((?:[^"]|"(?!\.))*)"\./.exec(raw);
  const value = quotedValue(raw.slice(about ? about.index + about[0].length : 0));
  if (about || raw.startsWith('Could not convert string ') || failure.engineCode === 'Conversion Error') {
    const candidates = columns.filter((c) => (about ? c.name === about[1] : typeof c.type !== 'string'));
    const place = value === undefined ? undefined : await find(request, columns, candidates, value);
    const column = place?.column ?? candidates[0];
    if (column !== undefined) return misfit(column.name, value ?? '', typeOf(column), place?.line ?? failure.file?.line);
  }
  if (failure.file !== undefined) return new LoadFailure(failure.message, { line: failure.file.line, column: failure.file.column });
  if (!/CSV/.test(failure.message) || failure.cancelled) return failure;
  return new LoadFailure(`DuckDB cannot read the file: ${failure.message.split('\n')[0]}`);
}

/** `Could not convert string "x" to 'BIGINT'`, `date field value out of range: "x"`: the first quoted text. */
function quotedValue(message: string): string | undefined {
  const match = /(?:string|value)[^"'\n]*?(?:"(.*?)"(?= to |,|\.?\s*$|\n)|'(.*?)'(?= to |,|\.?\s*$|\n))/s.exec(message) ?? /"([^"\n]*)"/.exec(message);
  return match ? (match[1] ?? match[2]) : undefined;
}

/** DuckDB counts lines its own way where fields have line ends inside; the file is read again for the true one. */
async function find(
  request: LoadRequest,
  columns: readonly CsvColumn[],
  candidates: readonly CsvColumn[],
  value: string,
): Promise<{ readonly column: CsvColumn; readonly line: number } | undefined> {
  const indexes = candidates.map((c) => columns.indexOf(c));
  for await (const batch of readRecords(request.path, request)) {
    for (const { line, fields } of batch) {
      const found = indexes.findIndex((i) => fields[i] === value);
      if (found >= 0) return { column: candidates[found]!, line };
    }
  }
  return undefined;
}
