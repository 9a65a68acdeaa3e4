// The type of each column of a CSV file, by the same rules for every engine. In: batches of records. Out: columns.
// The rules are those of dbt's seeds, minus those that damage data; `InferredType` lists them.
import { LoadFailure } from '../failures.ts';
import { PLAIN, fieldText, isNull, openCsv } from './scan.ts';
import type { Batch, CsvOptions } from './scan.ts';

/**
 * The first of these that holds every value of the column exactly as it is written:
 *
 * - boolean: `true`, `false` in any case (`yes`, `t` are text; `1`, `0` are integers)
 * - integer (32 bits), bigint (64 bits): digits, perhaps a minus
 * - double: `1.5`, `.5`, `1e5`, beside integers up to 2^53; an infinite one is text
 * - date: `2024-01-31` (or `2024-1-31`); timestamp: that, or with a space or `T` and `10:00` (or `9:00`), `10:00:00` or up to six digits of fraction
 * - text: anything else, and a column without values
 *
 * Unlike in dbt, text are: numbers with a leading zero or plus (`02134` is a postal code), with spaces or separators, integers beyond 64
 * bits, `NaN`, and timestamps with a zone or finer than microseconds. As in dbt, `null` is null, but only as `null`, `NULL` or `Null` and
 * unquoted; `N/A` is text. A quoted empty field is an empty text, and a null where the column is not text.
 */
export type InferredType = 'boolean' | 'integer' | 'bigint' | 'double' | 'date' | 'timestamp' | 'text';

export interface CsvColumn {
  readonly name: string;
  /** Inferred, or as the project says it. */
  readonly type: InferredType | { readonly fixed: string };
  /** A field of it was written `""`: an empty text, but null where the column is not text. */
  readonly hasQuotedEmpty: boolean;
}

export interface InferOptions extends CsvOptions {
  readonly columnTypes: Readonly<Record<string, string>>;
  /** Stop after about so many rows; absent means the whole file. */
  readonly sampleRows?: number;
}

/** Columns of a file, from all of it or its first rows; `complete` where the whole file was read. Throws `LoadFailure`. */
export async function inferColumns(path: string, o: InferOptions): Promise<{ columns: readonly CsvColumn[]; complete: boolean }> {
  const { header, batches } = await openCsv(path, o);
  const inference = new Inference(header, o.columnTypes);
  for await (const batch of batches) {
    inference.add(batch);
    if (o.sampleRows !== undefined && inference.rows >= o.sampleRows) return { columns: inference.columns(), complete: false };
  }
  return { columns: inference.columns(), complete: true };
}

/** The types that a value may have, as bits. */
const BOOLEAN = 1;
const INTEGER = 2;
const BIGINT = 4;
const DOUBLE = 8;
const DATE = 16;
const TIMESTAMP = 32;
const ANY = 63;

/** What is known of the columns after the batches so far. */
export class Inference {
  rows = 0;
  readonly #header: readonly string[];
  readonly #fixed: readonly (string | undefined)[];
  readonly #masks: Uint8Array;
  readonly #seen: Uint8Array;
  readonly #quotedEmpty: Uint8Array;

  constructor(header: readonly string[], columnTypes: Readonly<Record<string, string>>) {
    this.#header = header;
    const byName = new Map(Object.entries(columnTypes).map(([name, type]) => [name.toLowerCase(), type]));
    this.#fixed = header.map((name) => (Object.hasOwn(columnTypes, name) ? columnTypes[name] : byName.get(name.toLowerCase())));
    this.#masks = new Uint8Array(header.length).fill(ANY);
    this.#seen = new Uint8Array(header.length);
    this.#quotedEmpty = new Uint8Array(header.length);
  }

  /** Takes a batch into account. Throws `LoadFailure` where a column fixed as an integer has something else. */
  add(batch: Batch): void {
    const width = this.#header.length;
    this.rows += batch.records;
    for (let f = 0; f < width; f++) {
      const fixed = this.#fixed[f];
      if (fixed === undefined) this.#infer(batch, f, width);
      else this.#checkFixed(batch, f, width, fixed);
    }
  }

  columns(): readonly CsvColumn[] {
    return this.#header.map((name, f) => {
      const fixed = this.#fixed[f];
      return { name, type: fixed === undefined ? this.#type(f) : { fixed }, hasQuotedEmpty: this.#quotedEmpty[f] === 1 };
    });
  }

  #type(f: number): InferredType {
    const mask = this.#seen[f] === 1 ? this.#masks[f]! : 0;
    if (mask & BOOLEAN) return 'boolean';
    if (mask & INTEGER) return 'integer';
    if (mask & BIGINT) return 'bigint';
    if (mask & DOUBLE) return 'double';
    if (mask & DATE) return 'date';
    return mask & TIMESTAMP ? 'timestamp' : 'text';
  }

  #infer({ bytes, records, starts, ends, kinds }: Batch, f: number, width: number): void {
    let mask = this.#masks[f]!;
    let seen = this.#seen[f]!;
    let quotedEmpty = this.#quotedEmpty[f]!;
    for (let i = f, n = records * width; i < n; i += width) {
      // Once a column is text, only its first empty field in quotes could still tell something.
      if (mask === 0 && quotedEmpty === 1) break;
      const start = starts[i]!;
      const end = ends[i]!;
      if (start === end) {
        if (kinds[i] !== PLAIN) quotedEmpty = 1;
        continue;
      }
      if (mask === 0) continue;
      if (kinds[i] === PLAIN && isNull(bytes, start, end)) continue;
      seen = 1;
      mask &= possibleTypes(bytes, start, end);
    }
    this.#masks[f] = mask;
    this.#seen[f] = seen;
    this.#quotedEmpty[f] = quotedEmpty;
  }

  /** Engines round `1.5` to fit an integer column; a seed must not lose anything silently. */
  #checkFixed({ bytes, records, starts, ends, kinds, lines }: Batch, f: number, width: number, type: string): void {
    const integer = /^\s*(u?(tiny|small|medium|big|huge)int|u?int(eger)?|int[1248])\b/i.test(type) && !/\[/.test(type);
    for (let r = 0; r < records; r++) {
      const i = r * width + f;
      const [start, end] = [starts[i]!, ends[i]!];
      if (start === end) {
        if (kinds[i] !== PLAIN) this.#quotedEmpty[f] = 1;
        continue;
      }
      if (!integer || (kinds[i] === PLAIN && isNull(bytes, start, end)) || isWholeNumber(bytes, start, end)) continue;
      throw misfit(this.#header[f]!, fieldText(bytes, start, end, kinds[i]!), type, lines[r]);
    }
  }
}

/** A value that does not fit the type which the project fixes for its column. */
export function misfit(column: string, value: string, type: string, line: number | undefined): LoadFailure {
  const shown = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  return new LoadFailure(`The value '${shown}' of column '${column}' does not fit its type, ${type}.`, {
    ...(line !== undefined && { line }),
    columnName: column,
    help: `Correct the value, or the column's type in \`column_types\`.`,
  });
}

/** The types that can hold the value exactly as it is written, as bits; none means text. */
export function possibleTypes(b: Buffer, start: number, end: number): number {
  const c = b[start]!;
  if ((c >= 48 && c <= 57) || c === 45 || c === 46) {
    if (end - start >= 8 && b[start + 4] === 45) return dateTypes(b, start, end);
    return numberTypes(b, start, end);
  }
  if (c === 116 || c === 84) return isWord(b, start, end, 'true') ? BOOLEAN : 0;
  if (c === 102 || c === 70) return isWord(b, start, end, 'false') ? BOOLEAN : 0;
  return 0;
}

function isDigit(c: number | undefined): boolean {
  return c !== undefined && c >= 48 && c <= 57;
}

function numberTypes(b: Buffer, start: number, end: number): number {
  let p = start;
  const negative = b[p] === 45;
  if (negative) p++;
  const first = p;
  let value = 0;
  for (let c: number; p < end && (c = b[p]!) >= 48 && c <= 57; p++) value = value * 10 + (c - 48);
  const digits = p - first;
  // A leading zero says that this is a code, not a quantity: 02134 is a place, and 2134 another.
  if (digits > 1 && b[first] === 48) return 0;
  if (p === end) return digits === 0 ? 0 : integerTypes(b, start, end, digits, negative ? -value : value);
  let fraction = 0;
  if (b[p] === 46) {
    const point = p++;
    while (p < end && isDigit(b[p])) p++;
    fraction = p - point - 1;
  }
  if (digits + fraction === 0) return 0;
  if (p < end && (b[p] === 101 || b[p] === 69)) {
    p++;
    if (p < end && (b[p] === 43 || b[p] === 45)) p++;
    const exponent = p;
    while (p < end && isDigit(b[p])) p++;
    if (p === exponent || p !== end) return 0;
    return Number.isFinite(Number(b.toString('latin1', start, end))) ? DOUBLE : 0;
  }
  return p === end && digits < 300 ? DOUBLE : 0;
}

/** An integer that a double does not hold exactly is never one; one beyond 64 bits is text. */
function integerTypes(b: Buffer, start: number, end: number, digits: number, value: number): number {
  if (value >= -2147483648 && value <= 2147483647) return INTEGER | BIGINT | DOUBLE;
  if (Number.isSafeInteger(value)) return BIGINT | DOUBLE;
  if (digits < 19) return BIGINT;
  return digits === 19 && BigInt.asIntN(64, BigInt(b.toString('latin1', start, end))) === BigInt(b.toString('latin1', start, end)) ? BIGINT : 0;
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** `2024-01-31`, or that with `T` or a space and `10:00`, `10:00:00`, `10:00:00.123456`; as in dbt, `2024-1-31` and `9:00` too. A zone makes it text: no type of ours keeps it. */
function dateTypes(b: Buffer, start: number, end: number): number {
  const year = two(b, start) * 100 + two(b, start + 2);
  let p = start + 5;
  let length = digitsAt(b, p, end);
  const month = numberAt(b, p, length);
  p += length;
  if (!(year >= 1) || length === 0 || b[p] !== 45 || month < 1 || month > 12) return 0;
  length = digitsAt(b, ++p, end);
  const day = numberAt(b, p, length);
  p += length;
  if (length === 0 || day < 1 || day > DAYS[month - 1]!) return 0;
  if (month === 2 && day === 29 && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0))) return 0;
  if (p === end) return DATE | TIMESTAMP;
  if (b[p] !== 32 && b[p] !== 84) return 0;
  for (let part = 0; ; part++) {
    length = digitsAt(b, ++p, end);
    if (length === 0 || numberAt(b, p, length) >= LIMITS[part]!) return 0;
    p += length;
    if (p === end) return part === 0 ? 0 : TIMESTAMP;
    if (part === 2) break;
    if (b[p] !== 58) return 0;
  }
  if (b[p] !== 46 || end - p < 2 || end - p > 7) return 0;
  while (++p < end) if (!isDigit(b[p])) return 0;
  return TIMESTAMP;
}

/** Of hours, minutes and seconds. */
const LIMITS = [24, 60, 60];

/** How many digits stand there: none, one or two. */
function digitsAt(b: Buffer, p: number, end: number): number {
  return p >= end || !isDigit(b[p]) ? 0 : p + 1 < end && isDigit(b[p + 1]) ? 2 : 1;
}

function numberAt(b: Buffer, p: number, digits: number): number {
  return digits === 2 ? (b[p]! - 48) * 10 + b[p + 1]! - 48 : b[p]! - 48;
}

/** Two digits as a number, NaN where they are not. */
function two(b: Buffer, p: number): number {
  return isDigit(b[p]) && isDigit(b[p + 1]) ? (b[p]! - 48) * 10 + b[p + 1]! - 48 : NaN;
}

function isWord(b: Buffer, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) if ((b[start + i]! | 32) !== word.charCodeAt(i)) return false;
  return true;
}

function isWholeNumber(b: Buffer, start: number, end: number): boolean {
  let p = start;
  if (b[p] === 45 || b[p] === 43) p++;
  if (p === end) return false;
  for (; p < end; p++) if (!isDigit(b[p])) return false;
  return true;
}
