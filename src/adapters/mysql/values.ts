// What MySQL and MariaDB send, as exact cells. In: the bytes of a value (the driver converts nothing) and its column's
// description. Out: a `Cell`; `tinyint(1)` is boolean, the result of a comparison is 1 or 0 as the server has no type for it.
// https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset_column_definition.html
import { Decimal, type Cell } from '../adapter.ts';

/** A column as the protocol describes it. */
export interface FieldFacts {
  readonly name: string;
  readonly columnType?: number | undefined;
  readonly columnLength?: number | undefined;
  readonly characterSet?: number | undefined;
  readonly decimals?: number | undefined;
  readonly flags?: number | readonly string[] | undefined;
}

const BINARY = 63;
const UNSIGNED = 32;

/** https://dev.mysql.com/doc/dev/mysql-server/latest/field__types_8h.html */
const TYPE = {
  decimal: 0,
  tiny: 1,
  short: 2,
  long: 3,
  float: 4,
  double: 5,
  timestamp: 7,
  longlong: 8,
  int24: 9,
  date: 10,
  time: 11,
  datetime: 12,
  year: 13,
  bit: 16,
  json: 245,
  newdecimal: 246,
  enum: 247,
  set: 248,
  tinyBlob: 249,
  mediumBlob: 250,
  longBlob: 251,
  blob: 252,
  varString: 253,
  string: 254,
  geometry: 255,
} as const;

/** A value's bytes as a cell. */
export function cellReader(field: FieldFacts): (bytes: Uint8Array) => Cell {
  switch (field.columnType) {
    case TYPE.tiny:
      return field.columnLength === 1 ? (b) => text(b) !== '0' : (b) => Number(text(b));
    case TYPE.short:
    case TYPE.long:
    case TYPE.int24:
    case TYPE.year:
    case TYPE.float:
    case TYPE.double:
      return (b) => Number(text(b));
    case TYPE.longlong:
      return (b) => {
        const n = Number(text(b));
        return Number.isSafeInteger(n) ? n : BigInt(text(b));
      };
    case TYPE.decimal:
    case TYPE.newdecimal:
      return (b) => new Decimal(text(b));
    case TYPE.timestamp:
    case TYPE.datetime:
    case TYPE.time:
      return (b) =>
        text(b)
          .replace(/(\.\d*?)0+$/, '$1')
          .replace(/\.$/, '');
    case TYPE.bit:
    case TYPE.geometry:
      return (b) => Uint8Array.from(b);
    case TYPE.tinyBlob:
    case TYPE.mediumBlob:
    case TYPE.longBlob:
    case TYPE.blob:
    case TYPE.varString:
    case TYPE.string:
      return field.characterSet === BINARY ? (b) => Uint8Array.from(b) : text;
    default:
      return text;
  }
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

/** The type of a result's column, as close to the server's spelling as the protocol allows. */
export function fieldType(field: FieldFacts): string {
  const length = field.columnLength ?? 0;
  const decimals = field.decimals ?? 0;
  const unsigned = typeof field.flags === 'number' && (field.flags & UNSIGNED) !== 0;
  const integer = (name: string): string => (unsigned ? `${name} unsigned` : name);
  const binary = field.characterSet === BINARY;
  const fraction = decimals > 0 && decimals <= 6 ? `(${decimals})` : '';
  switch (field.columnType) {
    case TYPE.tiny:
      return length === 1 ? 'tinyint(1)' : integer('tinyint');
    case TYPE.short:
      return integer('smallint');
    case TYPE.int24:
      return integer('mediumint');
    case TYPE.long:
      return integer('int');
    case TYPE.longlong:
      return integer('bigint');
    case TYPE.float:
      return 'float';
    case TYPE.double:
      return 'double';
    case TYPE.decimal:
    case TYPE.newdecimal:
      return `decimal(${length - (decimals > 0 ? 1 : 0) - (unsigned ? 0 : 1)},${decimals})`;
    case TYPE.date:
      return 'date';
    case TYPE.time:
      return `time${fraction}`;
    case TYPE.datetime:
      return `datetime${fraction}`;
    case TYPE.timestamp:
      return `timestamp${fraction}`;
    case TYPE.year:
      return 'year';
    case TYPE.bit:
      return `bit(${length})`;
    case TYPE.json:
      return 'json';
    case TYPE.geometry:
      return 'geometry';
    case TYPE.varString:
      return binary ? `varbinary(${length})` : `varchar(${Math.floor(length / 4)})`;
    case TYPE.string:
      return binary ? `binary(${length})` : `char(${Math.floor(length / 4)})`;
    case TYPE.tinyBlob:
    case TYPE.mediumBlob:
    case TYPE.longBlob:
    case TYPE.blob:
      return binary ? 'longblob' : 'longtext';
    default:
      return 'unknown';
  }
}
