// A seed file as the plainest CSV, for a server's bulk load: comma, newline, quotes only where needed, one spelling of null.
// In: a file by the rules of `csv/`. Out: blocks of bytes, and a map from the server's count of lines or rows to the file's lines.
// Works on byte offsets; what needs no change goes to the server as it was read.
import { LoadFailure } from '../failures.ts';
import { readRecords, type CsvColumn } from '../csv/index.ts';
import { misfit } from '../csv/infer.ts';
import { isNull, openCsv, PLAIN, type Batch } from '../csv/scan.ts';
import { FALSE_TEXTS, TRUE_TEXTS, typeMeaning } from './patterns.ts';

/** How a column's fields are written: text keeps `""`, a value takes it for null, a boolean becomes 1 or 0. */
export type FieldMode = 'text' | 'value' | 'boolean';

/** The mode of a column; `numericBooleans` where the server has no words for them. */
export function fieldMode(column: CsvColumn, numericBooleans: boolean): FieldMode {
  const kind = typeof column.type === 'string' ? column.type : typeMeaning(column.type.fixed).kind;
  return kind === 'text' ? 'text' : kind === 'boolean' && numericBooleans ? 'boolean' : 'value';
}

/** Lines of the file by the server's count, kept only where the distance changes. */
export class LineMap {
  readonly #positions: number[] = [];
  readonly #lines: number[] = [];
  #distance = NaN;

  /** The server's `position` (a line or row, from 1) begins at `line` of the file. */
  add(position: number, line: number): void {
    if (line - position === this.#distance) return;
    this.#distance = line - position;
    this.#positions.push(position);
    this.#lines.push(line);
  }

  /** The file's line for a position. */
  line(position: number): number {
    const i = this.#positions.findLastIndex((p) => p <= position);
    return i < 0 ? position : this.#lines[i]! + position - this.#positions[i]!;
  }
}

export interface EncodeOptions {
  readonly path: string;
  readonly delimiter: string;
  readonly columns: readonly CsvColumn[];
  readonly modes: readonly FieldMode[];
  readonly nullText: string;
  /** What the server counts in its errors: lines of what it gets, or rows. */
  readonly counts: 'lines' | 'rows';
  readonly map: LineMap;
  /** Sees each batch before anything of it is sent; what it throws ends the stream. */
  readonly onBatch?: (batch: Batch) => void;
  /** Called for a text longer than 255 characters. */
  readonly onLongText?: (column: number) => void;
}

const [LF, CR, QUOTE, COMMA, BACKSLASH] = [10, 13, 34, 44, 92] as const;
const BLOCK = 1 << 18;
/** Runs of bytes shorter than this are copied, longer ones handed on as they are. */
const SHORT = 1 << 14;

/** The records of a file in blocks of bytes. Throws `LoadFailure`. */
export async function* encodeCsv(o: EncodeOptions): AsyncGenerator<Buffer> {
  const { batches } = await openCsv(o.path, { delimiter: o.delimiter });
  const width = o.columns.length;
  const out = new Output();
  let position = 1;
  for await (const batch of batches) {
    const { bytes, records, starts, ends, kinds, lines } = batch;
    o.onBatch?.(batch);
    const untouched = untouchedTest(batch, o);
    for (let r = 0; r < records; r++) {
      o.map.add(position, lines[r]!);
      if (untouched(r)) {
        const from = starts[r * width]! - (kinds[r * width] === PLAIN ? 0 : 1);
        do {
          position += o.counts === 'rows' ? 1 : lines[r + 1]! - lines[r]!;
          r++;
          o.map.add(position, lines[r]!);
        } while (untouched(r));
        const run = bytes.subarray(from, starts[r * width]! - (kinds[r * width] === PLAIN ? 0 : 1));
        if (run.length < SHORT) {
          if (out.isFull(run.length)) yield out.take();
          out.append(run);
        } else {
          if (out.length > 0) yield out.take();
          yield run;
        }
      }
      const room = (ends[(r + 1) * width - 1]! - starts[r * width]!) * 2 + width * (o.nullText.length + 4) + 8;
      if (out.isFull(room)) yield out.take();
      const newlines = out.record(batch, r, o);
      position += o.counts === 'rows' ? 1 : 1 + newlines;
    }
  }
  if (out.length > 0) yield out.take();
}

/** Whether a record can go as it stands in the file, its newline included: nothing to say differently, and the next record right behind it. */
function untouchedTest({ bytes, records, starts, ends, kinds }: Batch, o: EncodeOptions): (r: number) => boolean {
  const width = o.columns.length;
  if (o.delimiter !== ',' || width === 1 || o.modes.includes('boolean')) return () => false;
  const emptyIsNull = o.nullText === '';
  let quote = bytes.indexOf(QUOTE);
  let cr = bytes.indexOf(CR);
  const next = (byte: number, from: number): number => {
    const found = bytes.indexOf(byte, from);
    return found < 0 ? bytes.length : found;
  };
  if (quote < 0) quote = bytes.length;
  if (cr < 0) cr = bytes.length;
  return (r) => {
    if (r + 1 >= records) return false;
    const first = r * width;
    for (let f = 0, i = first; f < width; f++, i++) {
      const start = starts[i]!;
      const end = ends[i]!;
      const plain = kinds[i] === PLAIN;
      // The next field, or the first of the next record, must follow after a single byte and its own quote.
      if (starts[i + 1]! - end !== 1 + (plain ? 0 : 1) + (kinds[i + 1] === PLAIN ? 0 : 1)) return false;
      if (plain) {
        if (start === end) {
          if (!emptyIsNull) return false;
          continue;
        }
        if (isNull(bytes, start, end)) return false;
        if (quote < start) quote = next(QUOTE, start);
        if (cr < start) cr = next(CR, start);
        if (quote < end || cr < end) return false;
      } else if (start === end && o.modes[f] !== 'text') return false;
      if (end - start > 255 && o.onLongText) return false;
    }
    return bytes[starts[first + width]! - (kinds[first + width] === PLAIN ? 1 : 2)] === LF;
  };
}

/** Bytes to send, gathered in blocks. */
class Output {
  length = 0;
  #bytes = Buffer.allocUnsafe(BLOCK);

  /** True where `room` more bytes do not fit; `take` first then. An empty block grows instead. */
  isFull(room: number): boolean {
    if (this.length + room <= this.#bytes.length) return false;
    if (this.length > 0) return true;
    this.#bytes = Buffer.allocUnsafe(room);
    return false;
  }

  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.length);
    this.#bytes = Buffer.allocUnsafe(BLOCK);
    this.length = 0;
    return taken;
  }

  append(run: Buffer): void {
    run.copy(this.#bytes, this.length);
    this.length += run.length;
  }

  /** Writes one record; the number of newlines within its fields. */
  record({ bytes, starts, ends, kinds, lines }: Batch, r: number, o: EncodeOptions): number {
    const out = this.#bytes;
    const width = o.columns.length;
    let n = this.length;
    let newlines = 0;
    for (let f = 0, i = r * width; f < width; f++, i++) {
      const start = starts[i]!;
      const end = ends[i]!;
      const plain = kinds[i] === PLAIN;
      if (f > 0) out[n++] = COMMA;
      if (plain ? isNull(bytes, start, end) : start === end && o.modes[f] !== 'text') {
        n += out.write(o.nullText, n, 'latin1');
        continue;
      }
      if (o.modes[f] === 'boolean') {
        out[n++] = booleanDigit(bytes.toString('utf8', start, end), o.columns[f]!, lines[r]!);
        continue;
      }
      if (end - start > 255 && o.onLongText && o.modes[f] === 'text' && [...bytes.toString('utf8', start, end)].length > 255) o.onLongText(f);
      const quoted = !plain || needsQuotes(bytes, start, end);
      if (quoted) out[n++] = QUOTE;
      for (let p = start; p < end; p++) {
        const c = bytes[p]!;
        if (quoted) {
          if (c === LF) newlines++;
          // In a field that is quoted in the file, quotes are doubled already.
          else if (c === QUOTE && plain) out[n++] = QUOTE;
        }
        out[n++] = c;
      }
      if (quoted) out[n++] = QUOTE;
    }
    out[n++] = LF;
    this.length = n;
    return newlines;
  }
}

function needsQuotes(b: Buffer, start: number, end: number): boolean {
  for (let p = start; p < end; p++) {
    const c = b[p]!;
    if (c === QUOTE || c === COMMA || c === LF || c === CR || c === BACKSLASH) return true;
  }
  return false;
}

/** 1 or 0 as a character. Throws `LoadFailure` for another word. */
function booleanDigit(text: string, column: CsvColumn, line: number): number {
  const word = text.trim().toLowerCase();
  if (TRUE_TEXTS.includes(word)) return 49;
  if (FALSE_TEXTS.includes(word)) return 48;
  throw misfit(column.name, text, typeName(column), line);
}

/** A type for messages: as the project fixes it, or as inferred. */
export function typeName(column: CsvColumn): string {
  return typeof column.type === 'string' ? column.type : column.type.fixed;
}

/** What to say of a value the server refused; the value is read again from the file. */
export async function refusedValue(
  o: { path: string; delimiter: string; columns: readonly CsvColumn[] },
  line: number,
  columnName: string | undefined,
  reason: string,
): Promise<LoadFailure> {
  const index = o.columns.findIndex((c) => c.name === columnName);
  const column = o.columns[index];
  if (!column) return new LoadFailure(reason, { line });
  for await (const batch of readRecords(o.path, { delimiter: o.delimiter })) {
    const record = batch.find((r) => r.line === line) ?? batch.find((r) => r.line > line);
    if (record?.line === line) return misfit(column.name, record.fields[index] ?? '', typeName(column), line);
    if (record) break;
  }
  return new LoadFailure(reason, { line, columnName: column.name });
}
