// What DuckDB's CSV reader says of a line of a file that a query reads: its text goes on to list all options of the reader. In: the
// message. Out: the file, the place in it and the reason.
// https://duckdb.org/docs/stable/data/csv/reading_faulty_csv_files

export interface CsvRefusal {
  readonly message: string;
  readonly hint: string;
  readonly file: { readonly path: string; readonly line: number; readonly column: number };
}

const PASS_OVER = 'Correct the line, or let the reader pass over such lines (`ignore_errors = true`) where the file is declared.';

/** Undefined where the message is about something else. */
export function csvRefusal(text: string): CsvRefusal | undefined {
  const line = /^CSV Error on Line: (\d+)\n/.exec(text)?.[1];
  const path = /^ {2}file = (.*)$/m.exec(text)?.[1];
  if (line === undefined || path === undefined) return undefined;
  // The line itself is shown before the reason; a quote that is not closed makes it many lines.
  const original = /\nOriginal Line: (.*)/.exec(text)?.[1] ?? '';
  const at = (column: number): CsvRefusal['file'] => ({ path, line: Number(line), column });
  const counts = /^Expected Number of Columns: (\d+) Found: (\d+)/m.exec(text);
  if (counts !== null) {
    const [, wanted, found] = counts;
    return { message: `The line has ${found} ${found === '1' ? 'field' : 'fields'} where ${wanted} columns are read.`, hint: PASS_OVER, file: at(1) };
  }
  const value = /^Error when converting column "(.*?)"\. Could not convert string "(.*)" to '(.*)'/m.exec(text);
  if (value !== null) {
    return {
      message: `The value '${value[2]}' of column '${value[1]}' does not fit its type, ${value[3]}.`,
      hint: 'Correct the value, or the type of the column where the file is declared.',
      file: at(Math.max(0, original.indexOf(value[2]!)) + 1),
    };
  }
  if (/^Value with unterminated quote/m.test(text))
    return {
      message: 'A quote is opened and never closed, or there is text after a closing quote.',
      hint: PASS_OVER,
      file: at(Math.max(0, original.indexOf('"')) + 1),
    };
  if (/^Invalid unicode/m.test(text))
    return { message: 'The file is not UTF-8.', hint: 'Save it as UTF-8, or name its `encoding` where the file is declared.', file: at(1) };
  const reason = /\n\s*([^\n]*)\n+Possible/.exec(text)?.[1] ?? 'The line cannot be read.';
  return { message: reason, hint: PASS_OVER, file: at(1) };
}
