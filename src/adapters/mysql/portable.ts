// MySQL's and MariaDB's text of what every engine can do under one name. Only what both understand (MySQL 8.0.17, MariaDB 10.6).
// Functions: https://dev.mysql.com/doc/refman/8.0/en/functions.html, https://mariadb.com/kb/en/built-in-functions/
// Types for use in templates are the ones CAST takes: `cast(x as {{ type_string() }})`; where a column is declared, the dialect
// turns `char` into `longtext` and `signed` into `bigint`. There is no CAST to boolean: write `{{ cast(x, type_boolean()) }}`.
import { table } from '../../project/table.ts';
import type { PortableSql } from '../portable.ts';
import { isoDate, orderClause, part } from '../server/sql-parts.ts';
import { FALSE_TEXTS, TRUE_TEXTS } from '../server/patterns.ts';
import { isTextLiteral, isWholeNumber, operand, splitPartEdge, UnknownDatePart } from '../sql-terms.ts';
import { numbersQuery } from './numbers.ts';
import { safeCast } from './safe-cast.ts';
import { castExpression } from './types.ts';

/** Every function of `PortableSql` in the words of MySQL and MariaDB. */
export const mysqlPortable: PortableSql = {
  dateadd,
  datediff,
  date_trunc: dateTrunc,
  last_day: lastDay,
  date: (year, month, day) => `cast('${isoDate(year, month, day)}' as date)`,
  date_part: datePart,
  // Not dayname(): its language is the server's.
  day_name: (date, short) => `elt(weekday(${date}) + 1, ${names(DAY_NAMES, short)})`,
  month_name: (date, short) => `elt(month(${date}), ${names(MONTH_NAMES, short)})`,
  date_key: (date) => `cast(date_format(${date}, '%Y%m%d') as signed)`,
  concat: (fields) => `concat(${fields.join(', ')})`,
  cast: castExpression,
  safe_cast: safeCast,
  split_part: splitPart,
  string_literal: (value) => `'${value}'`,
  escape_single_quotes: (value) => value.replaceAll("'", "''"),
  listagg(measure, delimiter, orderBy, limit) {
    const joined = (by: string): string => `group_concat(${measure}${orderBy ? ` ${orderClause(orderBy)}` : ''} separator ${by})`;
    if (limit === null) return joined(delimiter);
    // Cut where no value has the delimiter in itself.
    return `replace(substring_index(${joined(SEPARATOR)}, ${SEPARATOR}, ${limit}), ${SEPARATOR}, ${delimiter})`;
  },
  text_of: textOf,
  hash: (expression) => `md5(${textOf(expression)})`,
  // MariaDB has no any_value().
  any_value: (expression) => `min(${expression})`,
  bool_or: (expression) => `max((${expression}) <> 0)`,
  except: () => 'except',
  intersect: () => 'intersect',
  position: (substring, text) => `position(${substring} in ${text})`,
  right,
  length: (expression) => `char_length(${expression})`,
  replace: (field, oldChars, newChars) => `replace(${field}, ${oldChars}, ${newChars})`,
  cast_bool_to_text: boolToText,
  // Arrays are JSON: https://dev.mysql.com/doc/refman/8.0/en/json.html
  array_construct: (inputs) => `json_array(${inputs.join(', ')})`,
  array_append: (array, element) => `json_array_append(${array}, '$', ${element})`,
  array_concat: (a, b) => `json_merge_preserve(${a}, ${b})`,
  current_timestamp: () => 'current_timestamp(6)',
  generate_series: (upperBound) => numbersQuery('generated_number', (n) => `1 + ${n}`, String(upperBound), String(Math.max(1, upperBound)).length),
  date_spine: (datepart, start, end) =>
    numbersQuery(
      `date_${part(datepart)}`,
      (n) => added(part(datepart), n, `timestamp(${start})`),
      datediff(start, end, datepart),
      spineDigits(datepart, start, end),
    ),
  round: (expression, scale) => `round(cast(${expression} as decimal(65,20)), ${scale})`,
  type_string: () => 'char',
  type_timestamp: () => 'datetime(6)',
  type_float: () => 'double',
  type_numeric: () => 'decimal(28,6)',
  type_bigint: () => 'signed',
  // CAST knows one signed type; this spelling of it means 32 bits to `safe_cast` and where a column is declared.
  type_int: () => 'signed integer',
  type_boolean: () => 'boolean',
  type_date: () => 'date',
};

/** A sign for the end of a value (U+241F) that values do not hold. */
const SEPARATOR = "'␟'";
const DAY_NAMES = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTH_NAMES = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

const names = (list: readonly string[], short: boolean): string => list.map((name) => `'${short ? name.slice(0, 3) : name}'`).join(', ');

function dateadd(datepart: string, interval: string, from: string): string {
  const p = part(datepart);
  // Of seconds fractions count; others are whole, as on other engines.
  const count = isWholeNumber(interval) || p === 'second' || p === 'millisecond' ? `(${interval})` : `cast(${interval} as signed)`;
  // timestamp() makes a date a moment, as on other engines, and keeps fractions where there are any.
  return added(p, count, `timestamp(${from})`);
}

const UNITS = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond', 'microsecond'];

function added(p: string, count: string, moment: string): string {
  if (!UNITS.includes(p)) throw new UnknownDatePart('dateadd', p);
  const [unit, times] = p === 'millisecond' ? ['microsecond', ' * 1000'] : [p, ''];
  return `date_add(${moment}, interval ${count}${times} ${unit})`;
}

function dateTrunc(datepart: string, date: string): string {
  switch (part(datepart)) {
    // Not makedate(): it takes the year 1 for 2001.
    case 'year':
      return `timestamp(date(${date}) - interval (dayofyear(${date}) - 1) day)`;
    case 'quarter':
      return `timestamp(date(${date}) - interval (dayofyear(${date}) - 1) day + interval (quarter(${date}) - 1) quarter)`;
    case 'month':
      return `timestamp(date(${date}) - interval (dayofmonth(${date}) - 1) day)`;
    case 'week':
      return `timestamp(date(${date}) - interval weekday(${date}) day)`;
    case 'day':
      return `timestamp(date(${date}))`;
    // timestamp(), for the clock of a text without a time: hour('2024-05-17') is 20.
    case 'hour':
      return `(timestamp(date(${date})) + interval hour(timestamp(${date})) hour)`;
    case 'minute':
      return `(timestamp(date(${date})) + interval (hour(timestamp(${date})) * 60 + minute(timestamp(${date}))) minute)`;
    case 'second':
      return `(timestamp(${date}) - interval microsecond(timestamp(${date})) microsecond)`;
    case 'millisecond':
      return `(timestamp(${date}) - interval (microsecond(timestamp(${date})) mod 1000) microsecond)`;
    case 'microsecond':
      return `timestamp(${date})`;
    default:
      throw new UnknownDatePart('date_trunc', datepart);
  }
}

/** Never over the end of the year 9999, which has no day after it here. */
function lastDay(date: string, datepart: string): string {
  switch (part(datepart)) {
    case 'year':
      return `last_day(date(${date}) - interval (dayofyear(${date}) - 1) day + interval 11 month)`;
    case 'quarter':
      return `last_day(date(${date}) - interval (dayofyear(${date}) - 1) day + interval (quarter(${date}) * 3 - 1) month)`;
    case 'month':
      return `last_day(${date})`;
    case 'week':
      return `(date(${date}) + interval (6 - weekday(${date})) day)`;
    case 'day':
      return `date(${date})`;
    default:
      throw new UnknownDatePart('last_day', datepart);
  }
}

function datediff(first: string, second: string, datepart: string): string {
  const p = part(datepart);
  // Years are unsigned on MySQL, where a difference below zero is an error.
  const years = `(cast(year(${second}) as signed) - cast(year(${first}) as signed))`;
  switch (p) {
    case 'year':
      return years;
    case 'quarter':
      return `(${years} * 4 + quarter(${second}) - quarter(${first}))`;
    case 'month':
      return `(${years} * 12 + month(${second}) - month(${first}))`;
    case 'week':
      return `(datediff(date(${second}) - interval weekday(${second}) day, date(${first}) - interval weekday(${first}) day) div 7)`;
    case 'day':
      return `datediff(${second}, ${first})`;
    case 'hour':
    case 'minute':
    case 'second':
    case 'microsecond':
      return `timestampdiff(${p}, ${dateTrunc(p, first)}, ${dateTrunc(p, second)})`;
    case 'millisecond':
      return `(timestampdiff(microsecond, ${dateTrunc(p, first)}, ${dateTrunc(p, second)}) div 1000)`;
    default:
      throw new UnknownDatePart('datediff', datepart);
  }
}

const PARTS: Readonly<Record<string, (date: string) => string>> = table({
  year: (d) => `year(${d})`,
  quarter: (d) => `quarter(${d})`,
  month: (d) => `month(${d})`,
  week: (d) => `weekofyear(${d})`,
  day: (d) => `dayofmonth(${d})`,
  dayofweek: (d) => `(weekday(${d}) + 1)`,
  dayofyear: (d) => `dayofyear(${d})`,
  hour: (d) => `hour(timestamp(${d}))`,
  minute: (d) => `minute(timestamp(${d}))`,
  second: (d) => `second(timestamp(${d}))`,
  millisecond: (d) => `(second(timestamp(${d})) * 1000 + microsecond(timestamp(${d})) div 1000)`,
  microsecond: (d) => `(second(timestamp(${d})) * 1000000 + microsecond(timestamp(${d})))`,
});

function datePart(datepart: string, date: string): string {
  const sql = PARTS[part(datepart)];
  if (sql === undefined) throw new UnknownDatePart('date_part', datepart);
  return sql(date);
}

/**
 * A moment loses the zeros at the end of its fraction, which other engines do not write. Numbers and moments have the character set
 * `binary`, and texts one of their own: https://dev.mysql.com/doc/refman/8.0/en/information-functions.html#function_charset
 */
function textOf(expression: string): string {
  const text = `cast(${expression} as char)`;
  if (isTextLiteral(expression) || /^\s*concat\b/i.test(expression)) return text;
  return `case when charset(${expression}) = 'binary' and ${operand(expression)} like '%:__.%' then trim(trailing '.' from trim(trailing '0' from ${expression})) else ${text} end`;
}

/** Texts that say a boolean too: a text as a condition would be 0. */
function boolToText(expression: string): string {
  const [text, list] = [`lower(cast(${expression} as char))`, (texts: readonly string[]): string => texts.map((t) => `'${t}'`).join(', ')];
  return `case when ${text} in (${list(TRUE_TEXTS)}) then 'true' when ${text} in (${list(FALSE_TEXTS)}) then 'false' when charset(${expression}) = 'binary' and (${expression}) <> 0 then 'true' end`;
}

/** A negative length leaves out as many from the start. */
function right(text: string, length: string): string {
  if (isWholeNumber(length)) return Number(length) < 0 ? `substring(${text}, ${1 - Number(length)})` : `right(${text}, ${length})`;
  return `case when (${length}) < 0 then substring(${text}, 1 - (${length})) else right(${text}, ${length}) end`;
}

/** https://dev.mysql.com/doc/refman/8.0/en/string-functions.html#function_substring-index; a part that is not there is empty, as on other engines. */
function splitPart(text: string, delimiter: string, n: number | string): string {
  const edge = splitPartEdge(text, delimiter, n);
  if (edge !== null) return edge;
  const count = `((char_length(${text}) - char_length(replace(${text}, ${delimiter}, ''))) div char_length(${delimiter}) + 1)`;
  const forward = `substring_index(substring_index(${text}, ${delimiter}, ${n}), ${delimiter}, -1)`;
  const backward = `substring_index(substring_index(${text}, ${delimiter}, ${n}), ${delimiter}, 1)`;
  const literal = /^\s*-?\d+\s*$/.test(String(n)) ? Number(n) : undefined;
  const value = literal === undefined ? `case when (${n}) > 0 then ${forward} else ${backward} end` : literal > 0 ? forward : backward;
  return `case when abs(${n}) > ${count} then '' else ${value} end`;
}

/** Date parts that the years 0001 to 9999 have, in decimal digits. */
const DIGITS: Readonly<Record<string, number>> = table({ year: 4, quarter: 5, month: 6, week: 6, day: 7, hour: 8, minute: 10, second: 12 });
/** Their length in days, at the least. */
const DAYS: Readonly<Record<string, number>> = table({
  year: 365,
  quarter: 90,
  month: 28,
  week: 7,
  day: 1,
  hour: 1 / 24,
  minute: 1 / 1440,
  second: 1 / 86_400,
});

/** Decimal digits that count every step of a spine; no more than it takes where both ends are dates written out. */
function spineDigits(datepart: string, start: string, end: string): number {
  const p = part(datepart);
  const literal = (e: string): number =>
    Date.parse(`${/^\s*(?:cast\s*\(\s*|date\s*|timestamp\s*\(?\s*)?'(\d{4}-\d\d-\d\d)/i.exec(e)?.[1] ?? 'none'}T00:00:00Z`);
  const days = (literal(end) - literal(start)) / 86_400_000 + 1;
  const all = DIGITS[p] ?? 15;
  return Number.isFinite(days) ? String(Math.max(1, Math.ceil(days / (DAYS[p] ?? days)))).length : all;
}
