// The bytes of a CSV file as field offsets. In: a path (`.gz` too). Out: the header, then batches of complete records as offsets
// into one buffer, so that nothing is allocated for a field until somebody wants its text. Throws `LoadFailure` with the file's line.
// Grammar: RFC 4180 (https://www.rfc-editor.org/rfc/rfc4180); spaces around a quoted field are dropped, a quote inside an unquoted
// field is a character, an empty line is skipped unless the file has one column (then it is a null).
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream';
import { LoadFailure } from '../failures.ts';
import { checkHeader, checkUtf8, named, ragged, readable } from './scan-failure.ts';

export interface CsvOptions {
  readonly delimiter: string;
}

/** How a field is written: plain, in quotes, in quotes with doubled quotes inside. */
export const PLAIN = 0;
export const QUOTED = 1;
export const ESCAPED = 2;

/** Complete records. The arrays are used again for the next batch: read what you need before asking for it. */
export interface Batch {
  readonly bytes: Buffer;
  readonly records: number;
  /** Of field f of record r, at index r × width + f: its first byte, the byte after it (both without quotes), how it is written. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly kinds: Uint8Array;
  /** Line of the file where record r begins, from 1. */
  readonly lines: Float64Array;
}

export interface OpenCsv {
  readonly header: readonly string[];
  readonly batches: AsyncGenerator<Batch>;
}

const BLOCK_BYTES = 1 << 18;
const [LF, CR, QUOTE, SPACE] = [10, 13, 34, 32] as const;

/** Reads the header and stands before the first record. End `batches` (with `return()`) to close the file early. */
export async function openCsv(path: string, options: CsvOptions): Promise<OpenCsv> {
  const scanner = new Scanner(delimiterByte(options.delimiter));
  const batches = scan(path, scanner);
  try {
    // The first thing the generator does is to read the header; it yields an empty batch then.
    await batches.next();
  } catch (thrown) {
    throw readable(thrown);
  }
  return { header: scanner.header, batches };
}

async function* scan(path: string, scanner: Scanner): AsyncGenerator<Batch> {
  const file = createReadStream(path, { highWaterMark: BLOCK_BYTES });
  const source = path.endsWith('.gz') ? pipeline(file, createGunzip({ chunkSize: BLOCK_BYTES }), () => {}) : file;
  let pending: Buffer[] = [];
  let size = 0;
  let wanted = 0;
  let first = true;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      pending.push(chunk);
      size += chunk.length;
      // A record longer than what is there: wait until twice as much is, so that long records are not scanned again and again.
      if (size < wanted || size < 4) continue;
      const bytes = pending.length === 1 ? pending[0]! : Buffer.concat(pending);
      const from = first ? scanner.start(bytes) : 0;
      if (first && scanner.takeHeader(bytes, from, false)) {
        first = false;
        yield scanner.batch(bytes);
      }
      const used = first ? 0 : scanner.takeRecords(bytes, false);
      if (scanner.records > 0) yield scanner.batch(bytes);
      const rest = bytes.subarray(used);
      pending = rest.length > 0 ? [rest] : [];
      size = rest.length;
      wanted = used === 0 ? size * 2 : 0;
    }
    const bytes = Buffer.concat(pending);
    if (first) {
      scanner.takeHeader(bytes, scanner.start(bytes), true);
      yield scanner.batch(bytes);
    }
    scanner.takeRecords(bytes, true);
    if (scanner.records > 0) yield scanner.batch(bytes);
  } catch (thrown) {
    throw readable(thrown);
  } finally {
    file.destroy();
  }
}

/** The line of an offset and its column on it; a record that begins on `line` begins at `from`. */
function placeIn(bytes: Buffer, from: number, offset: number, line: number): { readonly line: number; readonly column: number } {
  const lines = bytes.toString('utf8', from, offset).split(/\r\n|\n|\r/);
  return { line: line + lines.length - 1, column: lines.at(-1)!.length + 1 };
}

class Scanner {
  header: readonly string[] = [];
  records = 0;
  readonly #delimiter: number;
  #newline: number = LF;
  #line = 1;
  #from = 0;
  /** Where the last record's first field too many begins, or its last one ends. */
  #odd = 0;
  #starts = new Int32Array(1 << 14);
  #ends = new Int32Array(1 << 14);
  #kinds = new Uint8Array(1 << 14);
  #lines = new Float64Array(1 << 12);

  constructor(delimiter: number) {
    this.#delimiter = delimiter;
  }

  batch(bytes: Buffer): Batch {
    const batch = { bytes, records: this.records, starts: this.#starts, ends: this.#ends, kinds: this.#kinds, lines: this.#lines };
    this.records = 0;
    return batch;
  }

  /** Where the text begins: behind a byte order mark. */
  start(bytes: Buffer): number {
    if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
      throw new LoadFailure('The file is UTF-16, not UTF-8.', { line: 1, help: 'Save it as UTF-8.' });
    return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  }

  /** Reads the first record as the header; false where it is not complete yet. */
  takeHeader(bytes: Buffer, from: number, last: boolean): boolean {
    if (from >= bytes.length) {
      if (!last) return false;
      throw new LoadFailure('The file is empty: it has no header.', { help: 'The first line must name the columns.' });
    }
    this.#newline = firstNewline(bytes, from);
    this.#from = from;
    const fields = this.#record(bytes, bytes.length, last, 0, Infinity);
    if (fields < 0) return false;
    checkUtf8(bytes.subarray(from, this.#from), 1);
    this.header = Array.from({ length: fields }, (_, i) => fieldText(bytes, this.#starts[i]!, this.#ends[i]!, this.#kinds[i]!));
    checkHeader(this.header);
    return true;
  }

  /** Reads every complete record; the number of bytes it is done with. */
  takeRecords(bytes: Buffer, last: boolean): number {
    const width = this.header.length;
    const from = this.#from;
    const firstLine = this.#line;
    let used = from;
    let failure: unknown;
    this.records = 0;
    try {
      while (this.#from < bytes.length) {
        this.#takePlainRecords(bytes, width);
        used = this.#from;
        if (used >= bytes.length) break;
        const at = this.records * width;
        const line = this.#line;
        if (width > 1 && this.#skipEmptyLine(bytes, last)) {
          used = this.#from;
          continue;
        }
        const fields = this.#record(bytes, bytes.length, last, at, width);
        if (fields < 0) break;
        if (fields !== width) throw ragged(this.header, fields, placeIn(bytes, used, this.#odd, line));
        if (this.records >= this.#lines.length) this.#lines = grown(this.#lines, Float64Array);
        this.#lines[this.records++] = line;
        used = this.#from;
      }
    } catch (thrown) {
      failure = thrown;
    }
    // A wrong encoding goes first: what else looks wrong may come from it.
    checkUtf8(bytes.subarray(from, used), firstLine);
    if (failure) throw failure;
    this.#from = 0;
    return used;
  }

  /** The quick way, for as long as records have no quotes, no leading spaces and the right number of fields; stops before the first that has. */
  #takePlainRecords(b: Buffer, width: number): void {
    const delimiter = this.#delimiter;
    const newline = this.#newline;
    const end = b.length;
    let records = this.records;
    let line = this.#line;
    let from = this.#from;
    let p = from;
    this.#reserve((records + 1) * width);
    let [starts, ends, kinds] = [this.#starts, this.#ends, this.#kinds];
    let i = records * width;
    let c = 0;
    scanning: while (p < end) {
      for (let f = 1; f <= width; f++, i++) {
        const start = p;
        c = p < end ? b[p]! : QUOTE;
        if (c === QUOTE || c === SPACE) break scanning;
        while (c !== delimiter && c !== newline) {
          if (++p >= end) break scanning;
          c = b[p]!;
        }
        if ((c === newline) !== (f === width)) break scanning;
        starts[i] = start;
        ends[i] = p++;
        kinds[i] = PLAIN;
      }
      const last = ends[i - 1]!;
      if (last > from && b[last - 1] === CR) {
        if (newline !== LF) break;
        if (last > starts[i - 1]!) ends[i - 1] = last - 1;
      }
      // An empty line of a file with several columns never gets here: it has too few fields.
      if (records >= this.#lines.length) this.#lines = grown(this.#lines, Float64Array);
      this.#lines[records++] = line++;
      from = p;
      if (i + width > starts.length) {
        this.#reserve(i + width);
        [starts, ends, kinds] = [this.#starts, this.#ends, this.#kinds];
      }
    }
    this.records = records;
    this.#line = line;
    this.#from = from;
  }

  /** True where an empty line was passed over. */
  #skipEmptyLine(bytes: Buffer, last: boolean): boolean {
    const p = this.#from;
    if (bytes[p] === this.#newline) this.#from = p + 1;
    else if (bytes[p] === CR && bytes[p + 1] === LF && this.#newline === LF) this.#from = p + 2;
    else if (bytes[p] === CR && last && p + 1 === bytes.length) this.#from = p + 1;
    else return false;
    this.#line++;
    return true;
  }

  /** Reads one record into the arrays from index `at` and moves behind it; the number of fields, or -1 where it is not complete. Fields beyond `width` are counted only. */
  #record(b: Buffer, end: number, last: boolean, at: number, width: number): number {
    const [delimiter, newline] = [this.#delimiter, this.#newline];
    let p = this.#from;
    let lines = 0;
    let fields = 0;
    for (;;) {
      let start = p;
      let stop: number;
      let kind = PLAIN;
      let c = p < end ? b[p]! : -1;
      if (c === SPACE && delimiter !== SPACE) {
        let q = p + 1;
        while (q < end && b[q] === SPACE) q++;
        if (q < end && b[q] === QUOTE) {
          p = q;
          c = QUOTE;
        }
      }
      if (c === QUOTE) {
        kind = QUOTED;
        start = ++p;
        const opened = this.#line + lines;
        for (;;) {
          while (p < end && (c = b[p]!) !== QUOTE) {
            if (c === newline) lines++;
            p++;
          }
          if (p >= end) {
            if (!last) return -1;
            throw new LoadFailure('A quote is opened and never closed.', {
              line: opened,
              ...named(this.header[fields]),
              help: 'Close it, or write a quote inside a field twice ("").',
            });
          }
          if (p + 1 >= end && !last) return -1;
          if (b[p + 1] !== QUOTE) break;
          kind = ESCAPED;
          p += 2;
        }
        stop = p++;
        while (p < end && b[p] === SPACE && delimiter !== SPACE) p++;
        if (p < end && b[p] === CR && newline === LF && (p + 1 < end ? b[p + 1] === LF : true)) {
          if (p + 1 >= end && !last) return -1;
          p++;
        }
        if (p < end && b[p] !== delimiter && b[p] !== newline)
          throw new LoadFailure('There is text after a closing quote.', {
            line: this.#line + lines,
            ...named(this.header[fields]),
            help: 'Write a quote inside a quoted field twice ("").',
          });
      } else {
        while (p < end && (c = b[p]!) !== delimiter && c !== newline) p++;
        stop = p;
        if (newline === LF && stop > start && b[stop - 1] === CR && (p >= end || b[p] === LF)) stop--;
      }
      if (p >= end && !last) return -1;
      if (fields <= width) this.#odd = fields < width ? stop : start - (kind === PLAIN ? 0 : 1);
      if (fields < width) {
        const index = at + fields;
        this.#reserve(index + 1);
        this.#starts[index] = start;
        this.#ends[index] = stop;
        this.#kinds[index] = kind;
      }
      fields++;
      if (p < end && b[p] === delimiter) {
        p++;
        continue;
      }
      this.#from = p < end ? p + 1 : p;
      this.#line += lines + 1;
      return fields;
    }
  }

  #reserve(fields: number): void {
    while (this.#starts.length < fields) {
      this.#starts = grown(this.#starts, Int32Array);
      this.#ends = grown(this.#ends, Int32Array);
      this.#kinds = grown(this.#kinds, Uint8Array);
    }
  }
}

/** The text of a field. */
export function fieldText(bytes: Buffer, start: number, end: number, kind: number): string {
  const text = bytes.toString('utf8', start, end);
  return kind === ESCAPED ? text.replaceAll('""', '"') : text;
}

/** Whether a plain field says that there is no value: nothing, or `null`, `NULL`, `Null`. */
export function isNull(b: Buffer, start: number, end: number): boolean {
  if (end === start) return true;
  if (end - start !== 4) return false;
  const [n, u, l, m] = [b[start]!, b[start + 1]!, b[start + 2]!, b[start + 3]!];
  // n u l l, N u l l, N U L L
  return (u === 117 && l === 108 && m === 108 && (n === 110 || n === 78)) || (n === 78 && u === 85 && l === 76 && m === 76);
}

function delimiterByte(delimiter: string): number {
  const byte = delimiter.charCodeAt(0);
  if (delimiter.length !== 1 || byte > 127 || byte === QUOTE || byte === LF || byte === CR)
    throw new LoadFailure(`The delimiter ${JSON.stringify(delimiter)} is not a single ASCII character.`, {
      help: 'Use one such as "," ";" "|" or a tab ("\\t").',
    });
  return byte;
}

/** A file whose first line ends with a lone carriage return has lines that all do. */
function firstNewline(b: Buffer, from: number): number {
  let quoted = false;
  for (let p = from; p < b.length; p++) {
    if (b[p] === QUOTE) quoted = !quoted;
    else if (!quoted && b[p] === LF) return LF;
    else if (!quoted && b[p] === CR && p + 1 < b.length) return b[p + 1] === LF ? LF : CR;
  }
  return LF;
}

function grown<T extends Int32Array | Uint8Array | Float64Array>(array: T, Kind: new (length: number) => T): T {
  const larger = new Kind(array.length * 2);
  larger.set(array);
  return larger;
}
