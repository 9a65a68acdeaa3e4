// The records of a CSV file as text, in batches: what an engine that is fed row by row reads. In: a path. Out: fields, null where
// there is no value. Throws `LoadFailure`.
import { isAscii } from 'node:buffer';
import { ESCAPED, PLAIN, fieldText, isNull, openCsv } from './scan.ts';
import type { CsvOptions } from './scan.ts';

export interface CsvRecord {
  /** Line of the file where the record begins, from 1. */
  readonly line: number;
  /** Null for an unquoted empty field and for an unquoted null, NULL or Null; `''` for a quoted empty one. */
  readonly fields: (string | null)[];
}

/** Names of the columns. */
export async function readHeader(path: string, o: CsvOptions): Promise<readonly string[]> {
  const { header, batches } = await openCsv(path, o);
  await batches.return(undefined);
  return header;
}

/** Every record after the header. */
export async function* readRecords(path: string, o: CsvOptions): AsyncGenerator<CsvRecord[]> {
  const { header, batches } = await openCsv(path, o);
  const width = header.length;
  for await (const { bytes, records, starts, ends, kinds, lines } of batches) {
    // Text of one byte a character is cut out of one string: faster than decoding each field.
    const ascii = isAscii(bytes) ? bytes.toString('latin1') : undefined;
    const list: CsvRecord[] = [];
    for (let r = 0; r < records; r++) {
      const fields: (string | null)[] = [];
      for (let f = 0, i = r * width; f < width; f++, i++) {
        const [start, end, kind] = [starts[i]!, ends[i]!, kinds[i]!];
        if (kind === PLAIN && isNull(bytes, start, end)) fields.push(null);
        else if (ascii === undefined || kind === ESCAPED) fields.push(fieldText(bytes, start, end, kind));
        else fields.push(ascii.slice(start, end));
      }
      list.push({ line: lines[r]!, fields });
    }
    if (list.length > 0) yield list;
  }
}
