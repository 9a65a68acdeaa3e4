// Where a value stands in its file: for the message about it, so the file is read again up to there.
import { open } from 'node:fs/promises';
import { LoadFailure } from '../failures.ts';
import { openCsv, PLAIN } from './scan.ts';

const LF = 10;

/** The same failure with the column, from 1, of the value on its line; as it was where the value cannot be found. */
export async function placed(failure: LoadFailure, path: string, delimiter: string): Promise<LoadFailure> {
  const { line, column, columnName, help } = failure;
  if (column !== undefined || line === undefined || columnName === undefined) return failure;
  try {
    const { header, batches } = await openCsv(path, { delimiter });
    const field = header.indexOf(columnName);
    if (field < 0) return failure;
    for await (const { bytes, records, starts, kinds, lines } of batches) {
      for (let r = 0; r < records; r++) {
        if (lines[r] !== line) continue;
        const i = r * header.length + field;
        const start = starts[i]! - (kinds[i] === PLAIN ? 0 : 1);
        const text = bytes.toString('utf8', bytes.lastIndexOf(LF, start - 1) + 1, start);
        return new LoadFailure(failure.message, { line, column: text.length + 1, columnName, ...(help === undefined ? {} : { help }) });
      }
    }
  } catch {
    // The file itself is broken there: the failure has said so.
    if (line === 1) return inHeader(failure, path, columnName);
  }
  return failure;
}

/** A header that is wrong is not read into fields: of a name that is there twice, the last is meant. */
async function inHeader(failure: LoadFailure, path: string, columnName: string): Promise<LoadFailure> {
  const { help } = failure;
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    const [header = ''] = buffer.toString('utf8', 0, bytesRead).split(/\r?\n/);
    const at = header.lastIndexOf(columnName);
    return at < 0 ? failure : new LoadFailure(failure.message, { line: 1, column: at + 1, columnName, ...(help === undefined ? {} : { help }) });
  } finally {
    await file.close();
  }
}

const HEADER_BYTES = 65_536;
