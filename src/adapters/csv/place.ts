// Where a value stands in its file: for the message about it, so the file is read again up to there.
import { LoadFailure } from '../adapter.ts';
import { openCsv, PLAIN } from './scan.ts';

const LF = 10;

/** The same failure with the column, from 1, of the value on its line; as it was where the value cannot be found. */
export async function placed(failure: LoadFailure, path: string, delimiter: string): Promise<LoadFailure> {
  const { line, columnName, help } = failure;
  if (line === undefined || columnName === undefined) return failure;
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
  }
  return failure;
}
