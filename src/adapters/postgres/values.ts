// What PostgreSQL sends as text, as exact cells. In: text of a value and its type's OID. Out: a `Cell`. Relies on the
// session's settings (ISO dates, UTC, hex bytea). OIDs: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat
import { Decimal, type Cell } from '../adapter.ts';

/** pg-types' parser of the text form of arrays. */
export interface ArrayParser {
  create(text: string, transform: (element: string) => unknown): { parse(): unknown[] };
}

type Parse = (text: string) => Cell;

const asText: Parse = (text) => text;
const integer: Parse = (text) => Number(text);
const decimal: Parse = (text) => new Decimal(text);

const PARSERS: Readonly<Record<number, Parse>> = {
  16: (text) => text === 't',
  17: (text) => new Uint8Array(Buffer.from(text.slice(2), 'hex')),
  20: bigInteger,
  21: integer,
  23: integer,
  26: integer,
  700: Number,
  701: Number,
  1184: zonedTimestamp,
  1700: decimal,
};

/** Array types and the type of their elements. */
const ELEMENTS: Readonly<Record<number, number>> = {
  1000: 16,
  1001: 17,
  1005: 21,
  1007: 23,
  1016: 20,
  1021: 700,
  1022: 701,
  1028: 26,
  1009: 25,
  1014: 1042,
  1015: 1043,
  1002: 18,
  1003: 19,
  1115: 1114,
  1182: 1082,
  1183: 1083,
  1185: 1184,
  1187: 1186,
  1231: 1700,
  199: 114,
  3807: 3802,
  2951: 2950,
};

/** The parser of a type, or text as it is for types that JavaScript has no exact value for. */
export function cellParser(oid: number, arrays: ArrayParser): Parse {
  const element = ELEMENTS[oid];
  if (element === undefined) return PARSERS[oid] ?? asText;
  const parse = PARSERS[element] ?? asText;
  return (text) => arrays.create(text, parse).parse() as Cell;
}

function bigInteger(text: string): Cell {
  const n = Number(text);
  return Number.isSafeInteger(n) ? n : BigInt(text);
}

/** `2024-01-05 10:00:00.5+00` as `…+00:00`; a session in another zone is brought to UTC. */
function zonedTimestamp(text: string): Cell {
  const match = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(\.\d+)?([+-]\d\d)(?::(\d\d))?$/.exec(text);
  if (!match) return text;
  const [, moment = '', fraction = '', hours = '+00', minutes = '00'] = match;
  if (hours === '+00' && minutes === '00') return `${moment}${fraction}+00:00`;
  const utc = new Date(`${moment.replace(' ', 'T')}${hours}:${minutes}`);
  return Number.isNaN(utc.getTime()) ? text : `${utc.toISOString().slice(0, 19).replace('T', ' ')}${fraction}+00:00`;
}

/** Names as `format_type` gives them; modifiers hold length, precision and scale. Undefined where the catalog must be asked. */
export function typeName(oid: number, modifier: number): string | undefined {
  switch (oid) {
    case 1042:
      return modifier < 4 ? 'character' : `character(${modifier - 4})`;
    case 1043:
      return modifier < 4 ? 'character varying' : `character varying(${modifier - 4})`;
    case 1700:
      return modifier < 4 ? 'numeric' : `numeric(${((modifier - 4) >> 16) & 0xffff},${(modifier - 4) & 0x7ff})`;
    case 1114:
      return `timestamp${modifier < 0 ? '' : `(${modifier})`} without time zone`;
    case 1184:
      return `timestamp${modifier < 0 ? '' : `(${modifier})`} with time zone`;
    default:
      return NAMES[oid];
  }
}

const NAMES: Readonly<Record<number, string>> = {
  16: 'boolean',
  17: 'bytea',
  19: 'name',
  20: 'bigint',
  21: 'smallint',
  23: 'integer',
  25: 'text',
  26: 'oid',
  114: 'json',
  700: 'real',
  701: 'double precision',
  1082: 'date',
  2950: 'uuid',
  3802: 'jsonb',
  705: 'text',
  1000: 'boolean[]',
  1005: 'smallint[]',
  1007: 'integer[]',
  1016: 'bigint[]',
  1009: 'text[]',
  1022: 'double precision[]',
  1182: 'date[]',
};
