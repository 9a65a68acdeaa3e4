// Whether DuckDB's reader can take a file as it is. In: the batches of a scan. Out: what DuckDB has to be told, or that it needs the file
// in a plainer form: it refuses line ends of two kinds in one file, and a carriage return inside a field without quotes.
// https://duckdb.org/docs/stable/data/csv/reading_faulty_csv_files
import type { Batch } from '../csv/scan.ts';
import { PLAIN } from '../csv/scan.ts';

const CR = 13;

/** DuckDB's `max_line_size` where nothing is said. */
const USUAL_LINE_BYTES = 2_000_000;

/** The form of a file, after the batches so far. */
export class FileForm {
  #longest = 0;
  #lf = false;
  #crlf = false;
  #strayCr = false;

  add(batch: Batch, width: number): void {
    const { bytes, records, starts, ends } = batch;
    for (let r = 0; r < records; r++) {
      const length = ends[r * width + width - 1]! - starts[r * width]!;
      if (length > this.#longest) this.#longest = length;
    }
    if (!bytes.includes(CR)) this.#lf ||= records > 0;
    else this.#lookAtReturns(batch, width);
  }

  /** True where DuckDB has to get the file rewritten. */
  get needsRewrite(): boolean {
    return this.#strayCr || (this.#lf && this.#crlf);
  }

  /** Bytes that a line may need, where DuckDB would stop earlier. */
  get maxLineBytes(): number | undefined {
    return this.#longest * 2 > USUAL_LINE_BYTES ? this.#longest * 2 + 1024 : undefined;
  }

  #lookAtReturns({ bytes, records, starts, ends, kinds }: Batch, width: number): void {
    for (let i = 0; i < records * width; i++) {
      const end = ends[i]!;
      if (kinds[i] === PLAIN) {
        const at = bytes.indexOf(CR, starts[i]);
        // No return up to the end of the buffer: none in the fields that follow either.
        if (at >= 0 && at < end) this.#strayCr = true;
      }
      if ((i + 1) % width !== 0) continue;
      // Behind the last field: a closing quote and spaces perhaps, then the line end.
      let p = end;
      while (p < bytes.length && bytes[p] !== 10 && bytes[p] !== CR) p++;
      if (bytes[p] === 10) this.#lf = true;
      else if (bytes[p + 1] === 10) this.#crlf = true;
    }
  }
}
