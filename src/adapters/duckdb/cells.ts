// Values as the driver reads them, as `Cell`s. In: a result of the driver. Out: exact cells, dates and times as the ISO text that
// DuckDB itself prints (`infinity`, `0044-03-15 (BC)`), a zoned timestamp in UTC with its offset.
// https://duckdb.org/docs/stable/sql/data_types/overview
import type { DuckDBMaterializedResult, DuckDBType } from '@duckdb/node-api';
import { Decimal } from '../adapter.ts';
import type { Cell, Table } from '../adapter.ts';

type Read = (value: never) => Cell;

/** Numbers of `duckdb_type` in DuckDB's C API: https://duckdb.org/docs/stable/clients/c/types */
const TYPE = {
  bigint: 5,
  ubigint: 9,
  float: 10,
  timestamp: 12,
  date: 13,
  hugeint: 16,
  blob: 18,
  decimal: 19,
  timestampS: 20,
  timestampMs: 21,
  timestampNs: 22,
  list: 24,
  struct: 25,
  map: 26,
  union: 28,
  timestampTz: 31,
  uhugeint: 32,
  array: 33,
  bignum: 35,
  geometry: 40,
  variant: 41,
} as const;

/** Reads a result's rows, at most `limit` of them. */
export async function readTable(result: DuckDBMaterializedResult, limit: number = Infinity, names?: readonly string[]): Promise<Table> {
  const types = result.columnTypes();
  const readers = types.map(readerOf);
  const columns = (names ?? result.columnNames()).map((name, i) => ({ name, type: types[i]!.alias ?? String(types[i]) }));
  const rows: Cell[][] = [];
  // The rows are in memory: no chunk needs a turn of the driver's own threads.
  for (let c = 0; c < result.chunkCount && rows.length < limit; c++) {
    const chunk = result.getChunk(c);
    const count = Math.min(chunk.rowCount, limit - rows.length);
    const values = readers.map((_, i) => chunk.getColumnValues(i));
    for (let r = 0; r < count; r++) rows.push(readers.map((read, i) => toCell(values[i]![r], read)));
  }
  return { columns, rows };
}

function toCell(value: unknown, read: Read): Cell {
  return value === null || value === undefined ? null : read(value as never);
}

function readerOf(type: DuckDBType): Read {
  const id: number = type.typeId;
  switch (id) {
    case TYPE.bigint:
    case TYPE.ubigint:
    case TYPE.hugeint:
    case TYPE.uhugeint:
    case TYPE.bignum:
      return integer;
    case TYPE.float:
      return shortFloat;
    case TYPE.decimal:
      return (v: { toString(): string }) => new Decimal(v.toString());
    case TYPE.date:
      return (v: { days: number }) => dateText(v.days);
    case TYPE.timestamp:
      return (v: { micros: bigint }) => timestampText(v.micros);
    case TYPE.timestampTz:
      return (v: { micros: bigint }) => timestampText(v.micros, '+00:00');
    case TYPE.timestampS:
      return (v: { seconds: bigint }) => scaledText(v.seconds, 1_000_000_000n);
    case TYPE.timestampMs:
      return (v: { millis: bigint }) => scaledText(v.millis, 1_000_000n);
    case TYPE.timestampNs:
      return (v: { nanos: bigint }) => scaledText(v.nanos, 1n);
    case TYPE.blob:
    case TYPE.geometry:
      // A copy: the driver's bytes belong to its chunk.
      return (v: { bytes: Uint8Array }) => new Uint8Array(v.bytes);
    case TYPE.list:
    case TYPE.array: {
      const read = readerOf((type as unknown as { valueType: DuckDBType }).valueType);
      return (v: { items: readonly unknown[] }) => v.items.map((item) => toCell(item, read));
    }
    case TYPE.struct: {
      const t = type as unknown as { entryNames: readonly string[]; entryTypes: readonly DuckDBType[] };
      const fields = t.entryNames.map((name, i) => [name, readerOf(t.entryTypes[i]!)] as const);
      return (v: { entries: Readonly<Record<string, unknown>> }) => Object.fromEntries(fields.map(([name, read]) => [name, toCell(v.entries[name], read)]));
    }
    case TYPE.map: {
      const t = type as unknown as { keyType: DuckDBType; valueType: DuckDBType };
      const [key, value] = [readerOf(t.keyType), readerOf(t.valueType)];
      return (v: { entries: readonly { key: unknown; value: unknown }[] }) =>
        Object.fromEntries(v.entries.map((e) => [keyText(toCell(e.key, key)), toCell(e.value, value)]));
    }
    case TYPE.union: {
      const t = type as unknown as { memberTags: readonly string[]; memberTypes: readonly DuckDBType[] };
      const members = new Map(t.memberTags.map((tag, i) => [tag, readerOf(t.memberTypes[i]!)]));
      return (v: { tag: string; value: unknown }) => toCell(v.value, members.get(v.tag) ?? asText);
    }
    default:
      return asText;
  }
}

/** A number of four bytes by the shortest digits that give it back, as DuckDB prints it: 0.1, not 0.10000000149011612. */
function shortFloat(v: number): Cell {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(v.toPrecision(digits));
    if (Math.fround(short) === v) return short;
  }
  return v;
}

/** Booleans, numbers and text as they are; everything else (times, intervals, UUIDs, bits, variants) as its text. */
function asText(v: unknown): Cell {
  return typeof v === 'boolean' || typeof v === 'number' || typeof v === 'string' ? v : typeof v === 'bigint' ? integer(v) : String(v);
}

function integer(v: bigint): Cell {
  return v >= BigInt(Number.MIN_SAFE_INTEGER) && v <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(v) : v;
}

function keyText(key: Cell): string {
  return key !== null && typeof key === 'object' && !(key instanceof Decimal) ? JSON.stringify(key) : String(key);
}

const INFINITE_DAYS = 2 ** 31 - 1;

/** Days since 1970-01-01 in the proleptic Gregorian calendar, by Howard Hinnant's `civil_from_days`: https://howardhinnant.github.io/date_algorithms.html */
function dateText(days: number): string {
  if (days === INFINITE_DAYS) return 'infinity';
  if (days === -INFINITE_DAYS) return '-infinity';
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const text = `${pad(year > 0 ? year : 1 - year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
  return year > 0 ? text : `${text} (BC)`;
}

const INFINITE_MICROS = 2n ** 63n - 1n;

function timestampText(micros: bigint, zone = ''): string {
  if (micros === INFINITE_MICROS) return 'infinity';
  if (micros === -INFINITE_MICROS) return '-infinity';
  const perDay = 86_400_000_000n;
  const within = ((micros % perDay) + perDay) % perDay;
  return clock(Number((micros - within) / perDay), Number(within / 1_000_000n), Number(within % 1_000_000n), 6, zone);
}

function scaledText(units: bigint, nanosPerUnit: bigint): string {
  if (units === INFINITE_MICROS) return 'infinity';
  if (units === -INFINITE_MICROS) return '-infinity';
  const nanos = units * nanosPerUnit;
  const perDay = 86_400_000_000_000n;
  const within = ((nanos % perDay) + perDay) % perDay;
  return clock(Number((nanos - within) / perDay), Number(within / 1_000_000_000n), Number(within % 1_000_000_000n), 9, '');
}

function clock(days: number, seconds: number, fraction: number, digits: number, zone: string): string {
  const date = dateText(days);
  const bc = date.endsWith(' (BC)');
  const time = `${pad(Math.floor(seconds / 3600), 2)}:${pad(Math.floor(seconds / 60) % 60, 2)}:${pad(seconds % 60, 2)}`;
  const tail = fraction === 0 ? '' : `.${pad(fraction, digits).replace(/0+$/, '')}`;
  return `${bc ? date.slice(0, -5) : date} ${time}${tail}${zone}${bc ? ' (BC)' : ''}`;
}

function pad(n: number, width: number): string {
  return String(n).padStart(width, '0');
}
