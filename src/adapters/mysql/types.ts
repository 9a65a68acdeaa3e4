// Names of types on MySQL and MariaDB. The same type has two names there: one in DDL (`varchar(20)`, `bigint`) and another in
// CAST (`char(20)`, `signed`); people write either, or another engine's. Out: the right one for the place.
// https://dev.mysql.com/doc/refman/8.0/en/cast-functions.html, https://mariadb.com/kb/en/data-types/
import { typeMeaning } from '../server/patterns.ts';

/** A type for a column: `text` of other engines is `longtext`, `timestamp` is `datetime(6)` (no zone, no end in 2038), `signed` is `bigint`. */
export function columnType(type: string): string {
  const written = type.trim();
  const { name, args } = parts(written);
  const meaning = typeMeaning(written);
  switch (meaning.kind) {
    case 'boolean':
      return 'boolean';
    case 'text':
      if (args !== '') return /^(character varying|character|bpchar|string)$/.test(name) ? `varchar(${args})` : written;
      return name.endsWith('text') && name !== 'text' ? written : 'longtext';
    case 'decimal':
      return args === '' ? 'decimal(28,6)' : `decimal(${args})`;
    case 'float':
      return /^(float|real|float4)$/.test(name) && args === '' && name !== 'float' ? 'float' : name === 'float' && args !== '' ? written : 'double';
    case 'timestamp':
    case 'timestamptz':
      return `datetime(${args === '' ? 6 : args})`;
    case 'time':
      return `time(${args === '' ? 6 : args})`;
    case 'json':
      return 'json';
    case 'binary':
      return args === '' || name === 'bytea' ? 'longblob' : written;
    case 'integer':
      return name === 'signed' || name === 'int8'
        ? 'bigint'
        : name === 'unsigned'
          ? 'bigint unsigned'
          : name === 'int4'
            ? 'int'
            : name === 'int2'
              ? 'smallint'
              : written;
    default:
      return name === 'uuid' ? 'char(36)' : name === 'hugeint' ? 'decimal(38,0)' : written;
  }
}

/**
 * A column's definition with a type: text is utf8mb4 and compared byte by byte, whatever the schema's default is. Each server
 * reads its own comment. https://dev.mysql.com/doc/refman/8.0/en/comments.html, https://mariadb.com/kb/en/comment-syntax/
 */
export function columnDefinition(type: string): string {
  const own = columnType(type);
  if (typeMeaning(own).kind !== 'text' || /character set|collate/i.test(own)) return own;
  return `${own} character set utf8mb4 /*!80017 collate ${MYSQL_COLLATION} */ /*M! collate ${MARIADB_COLLATION} */`;
}

/** Byte by byte without padding, as other engines compare. */
export const MYSQL_COLLATION = 'utf8mb4_0900_bin';
export const MARIADB_COLLATION = 'utf8mb4_nopad_bin';

/** An expression converted to what `type` means; CAST itself knows few names. Booleans are 1 and 0. */
export function castExpression(expression: string, type: string): string {
  const { name, args } = parts(type.trim());
  const meaning = typeMeaning(type);
  switch (meaning.kind) {
    case 'integer':
      return `cast(${expression} as ${meaning.min === '0' ? 'unsigned' : 'signed'})`;
    case 'decimal':
      return `cast(${expression} as decimal(${args === '' ? '28,6' : args}))`;
    case 'float':
      return `cast(${expression} as double)`;
    case 'boolean':
      return booleanOf(expression);
    case 'text':
      // A length cuts, as on other engines; CAST … AS CHAR(n) would raise an error in strict mode when a table is made of it.
      return args === '' ? `cast(${expression} as char)` : `left(cast(${expression} as char), ${args})`;
    case 'date':
      return `cast(${expression} as date)`;
    case 'timestamp':
    case 'timestamptz':
      return `cast(${expression} as datetime(${args === '' ? 6 : args}))`;
    case 'time':
      return `cast(${expression} as time(${args === '' ? 6 : args}))`;
    case 'json':
      return `json_extract(${expression}, '$')`;
    case 'binary':
      return `cast(${expression} as binary)`;
    default:
      return name === 'uuid' ? `cast(${expression} as char)` : `cast(${expression} as ${type.trim()})`;
  }
}

function booleanOf(expression: string): string {
  const text = `lower(trim(cast(${expression} as char)))`;
  return `case when ${text} in ('t', 'true', 'y', 'yes', 'on', '1') then true when ${text} in ('f', 'false', 'n', 'no', 'off', '0') then false else (${expression}) <> 0 end`;
}

const INTEGERS: readonly string[] = ['tinyint', 'smallint', 'mediumint', 'int', 'bigint'];
const TEXTS: readonly string[] = ['tinytext', 'text', 'mediumtext', 'longtext'];
const WHOLE_DIGITS: readonly number[] = [3, 5, 7, 10, 19];

/** A type that holds every value of both without loss, or null where there is none. */
export function widerMysqlType(a: string, b: string): string | null {
  const [x, y] = [parts(a), parts(b)];
  const [i, j] = [INTEGERS.indexOf(integerName(x.name)), INTEGERS.indexOf(integerName(y.name))];
  if (isBoolean(a) || isBoolean(b)) return isBoolean(a) && isBoolean(b) ? a : null;
  if (i >= 0 && j >= 0) return /unsigned/i.test(a) === /unsigned/i.test(b) ? (i >= j ? a : b) : null;
  if (TEXTS.includes(x.name) && TEXTS.includes(y.name)) return TEXTS[Math.max(TEXTS.indexOf(x.name), TEXTS.indexOf(y.name))]!;
  if (isVarchar(x.name) && isVarchar(y.name)) return `varchar(${Math.max(Number(x.args), Number(y.args))})`;
  if (isVarchar(x.name) && TEXTS.includes(y.name)) return 'longtext';
  if (isVarchar(y.name) && TEXTS.includes(x.name)) return 'longtext';
  const [p, q] = [digits(a), digits(b)];
  if (p && q) {
    const [scale, whole] = [Math.max(p.scale, q.scale), Math.max(p.whole, q.whole)];
    return whole + scale > 65 ? null : `decimal(${whole + scale},${scale})`;
  }
  // It holds integers exactly up to 53 bits.
  const small = (n: number): boolean => n >= 0 && INTEGERS[n] !== 'bigint';
  if ((small(i) && y.name === 'double') || (small(j) && x.name === 'double')) return 'double';
  if (['float', 'double'].includes(x.name) && ['float', 'double'].includes(y.name)) return x.name === y.name ? a : 'double';
  if (x.name === 'datetime' && y.name === 'datetime') return `datetime(${Math.max(Number(x.args || 0), Number(y.args || 0))})`;
  return a.trim().toLowerCase() === b.trim().toLowerCase() ? a : null;
}

function digits(type: string): { whole: number; scale: number } | null {
  const { name } = parts(type);
  const i = INTEGERS.indexOf(integerName(name));
  if (i >= 0) return { whole: WHOLE_DIGITS[i]! + (/unsigned/i.test(type) ? 1 : 0), scale: 0 };
  const meaning = typeMeaning(type);
  if (meaning.kind !== 'decimal') return null;
  return meaning.precision === 0 ? { whole: 10, scale: 0 } : { whole: meaning.precision - meaning.scale, scale: meaning.scale };
}

const isVarchar = (name: string): boolean => ['varchar', 'character varying', 'char', 'character'].includes(name);
const isBoolean = (type: string): boolean => /^\s*(tinyint\(1\)|boolean|bool)\s*$/i.test(type);
const integerName = (name: string): string =>
  ({ integer: 'int', int4: 'int', int8: 'bigint', int2: 'smallint' })[name.replace(/ unsigned$/, '')] ?? name.replace(/ unsigned$/, '');

function parts(type: string): { name: string; args: string } {
  const t = type.trim().toLowerCase().replace(/\s+/g, ' ');
  return { name: t.replace(/\s*\(.*?\)/, ''), args: /\(([^)]*)\)/.exec(t)?.[1]?.replaceAll(' ', '') ?? '' };
}
