// Which of two DuckDB types holds the values of both. In: types as DuckDB prints them. Out: the wider one, or null where a
// conversion would lose something. https://duckdb.org/docs/stable/sql/data_types/numeric
import { table } from '../../project/table.ts';

/** Integer types from narrow to wide, with the decimal digits that hold every value. */
const SIGNED: readonly (readonly [string, number])[] = [
  ['TINYINT', 3],
  ['SMALLINT', 5],
  ['INTEGER', 10],
  ['BIGINT', 19],
  ['HUGEINT', 39],
];
const UNSIGNED: readonly (readonly [string, number])[] = [
  ['UTINYINT', 3],
  ['USMALLINT', 5],
  ['UINTEGER', 10],
  ['UBIGINT', 20],
  ['UHUGEINT', 39],
];

const SPELLINGS: Readonly<Record<string, string>> = table({
  INT: 'INTEGER',
  INT4: 'INTEGER',
  SIGNED: 'INTEGER',
  INT8: 'BIGINT',
  LONG: 'BIGINT',
  INT2: 'SMALLINT',
  SHORT: 'SMALLINT',
  INT1: 'TINYINT',
  TEXT: 'VARCHAR',
  STRING: 'VARCHAR',
  CHAR: 'VARCHAR',
  BPCHAR: 'VARCHAR',
  FLOAT4: 'FLOAT',
  REAL: 'FLOAT',
  FLOAT8: 'DOUBLE',
  BOOL: 'BOOLEAN',
  DATETIME: 'TIMESTAMP',
  TIMESTAMPTZ: 'TIMESTAMP WITH TIME ZONE',
});

/** A type that holds both `a` and `b` without loss, else null. */
export function widerType(a: string, b: string): string | null {
  const [x, y] = [canonical(a), canonical(b)];
  if (x === y) return x;
  return wider(x, y) ?? wider(y, x) ?? bothDecimal(x, y);
}

function canonical(type: string): string {
  const text = type.trim().toUpperCase().replace(/\s+/g, ' ');
  if (/^(VARCHAR|CHAR|BPCHAR|TEXT|STRING|CHARACTER VARYING)( ?\(.*\))?$/.test(text)) return 'VARCHAR';
  const decimal = /^(?:DECIMAL|NUMERIC|DEC)(?: ?\( ?(\d+) ?(?:, ?(\d+) ?)?\))?$/.exec(text);
  if (decimal) return decimal[1] === undefined ? 'DECIMAL(18,3)' : `DECIMAL(${decimal[1]},${decimal[2] ?? '0'})`;
  return SPELLINGS[text] ?? text;
}

/** `to` where every value of `from` fits in it. */
function wider(from: string, to: string): string | null {
  const [fromSigned, toSigned] = [rank(SIGNED, from), rank(SIGNED, to)];
  const [fromUnsigned, toUnsigned] = [rank(UNSIGNED, from), rank(UNSIGNED, to)];
  if (fromSigned >= 0 && toSigned > fromSigned) return to;
  if (fromUnsigned >= 0 && (toUnsigned > fromUnsigned || toSigned > fromUnsigned)) return to;
  const digits = SIGNED[fromSigned]?.[1] ?? UNSIGNED[fromUnsigned]?.[1];
  const decimal = decimalOf(to);
  if (digits !== undefined && decimal) return decimal.precision - decimal.scale >= digits ? to : null;
  // A double holds integers exactly up to 53 bits, a float up to 24.
  if (to === 'DOUBLE' && (from === 'FLOAT' || (digits !== undefined && digits <= 10))) return to;
  if (to === 'FLOAT' && digits !== undefined && digits <= 5) return to;
  if (from === 'DATE' && to === 'TIMESTAMP') return to;
  return null;
}

function bothDecimal(a: string, b: string): string | null {
  const [x, y] = [digitsOf(a), digitsOf(b)];
  if (!x || !y || (decimalOf(a) === null && decimalOf(b) === null)) return null;
  const scale = Math.max(x.scale, y.scale);
  const precision = Math.max(x.precision - x.scale, y.precision - y.scale) + scale;
  return precision <= 38 ? `DECIMAL(${precision},${scale})` : null;
}

function rank(list: readonly (readonly [string, number])[], type: string): number {
  return list.findIndex(([name]) => name === type);
}

/** An integer counts as a decimal that holds all of its values. */
function digitsOf(type: string): { precision: number; scale: number } | null {
  const digits = SIGNED[rank(SIGNED, type)]?.[1] ?? UNSIGNED[rank(UNSIGNED, type)]?.[1];
  return digits === undefined ? decimalOf(type) : { precision: digits, scale: 0 };
}

function decimalOf(type: string): { precision: number; scale: number } | null {
  const match = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  return match ? { precision: Number(match[1]), scale: Number(match[2]) } : null;
}
