// MySQL's and MariaDB's text of what every engine can do under one name. Only what both understand (MySQL 8.0.17, MariaDB 10.6).
// Functions: https://dev.mysql.com/doc/refman/8.0/en/functions.html, https://mariadb.com/kb/en/built-in-functions/
// Types for use in templates are the ones CAST takes: `cast(x as {{ type_string() }})`; where a column is declared, the dialect
// turns `char` into `longtext` and `signed` into `bigint`. There is no CAST to boolean: write `{{ cast(x, type_boolean()) }}`.
import type { PortableSql } from '../portable.ts';
import { isoDate, orderClause, part } from '../server/sql-parts.ts';
import {
  DECIMAL_PATTERN,
  FALSE_TEXTS,
  FLOAT_PATTERN,
  INTEGER_PATTERN,
  TIME_PATTERN,
  TIMESTAMP_PATTERN,
  TRUE_TEXTS,
  typeMeaning,
  whole,
} from '../server/patterns.ts';
import { numbersQuery } from './numbers.ts';
import { castExpression } from './types.ts';

/** Every function of `PortableSql` in the words of MySQL and MariaDB. */
export const mysqlPortable: PortableSql = {
  dateadd,
  datediff,
  date_trunc: dateTrunc,
  last_day: (date, datepart) => `cast(${dateadd('day', '-1', dateadd(datepart, '1', dateTrunc(datepart, date)))} as date)`,
  date: (year, month, day) => `cast('${isoDate(year, month, day)}' as date)`,
  date_part: datePart,
  // Not dayname(): its language is the server's.
  day_name: (date) => `elt(weekday(${date}) + 1, 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday')`,
  month_name: (date) =>
    `elt(month(${date}), 'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December')`,
  date_key: (date) => `cast(date_format(${date}, '%Y%m%d') as signed)`,
  concat: (fields) => `concat(${fields.join(', ')})`,
  cast: castExpression,
  safe_cast: safeCast,
  split_part: splitPart,
  string_literal: (value) => `'${value}'`,
  escape_single_quotes: (value) => value.replaceAll("'", "''"),
  listagg(measure, delimiter, orderBy, limit) {
    const all = `group_concat(${measure}${orderBy ? ` ${orderClause(orderBy)}` : ''} separator ${delimiter})`;
    return limit === null ? all : `substring_index(${all}, ${delimiter}, ${limit})`;
  },
  hash: (expression) => `md5(cast(${expression} as char))`,
  // MariaDB has no any_value().
  any_value: (expression) => `min(${expression})`,
  bool_or: (expression) => `max((${expression}) <> 0)`,
  except: () => 'except',
  intersect: () => 'intersect',
  position: (substring, text) => `position(${substring} in ${text})`,
  right: (text, length) => `right(${text}, ${length})`,
  length: (expression) => `char_length(${expression})`,
  replace: (field, oldChars, newChars) => `replace(${field}, ${oldChars}, ${newChars})`,
  cast_bool_to_text: (expression) => `case when (${expression}) then 'true' when not (${expression}) then 'false' end`,
  // Arrays are JSON: https://dev.mysql.com/doc/refman/8.0/en/json.html
  array_construct: (inputs) => `json_array(${inputs.join(', ')})`,
  array_append: (array, element) => `json_array_append(${array}, '$', ${element})`,
  array_concat: (a, b) => `json_merge_preserve(${a}, ${b})`,
  current_timestamp: () => 'current_timestamp(6)',
  generate_series: (upperBound) =>
    numbersQuery(
      'generated_number',
      (n) => `1 + ${n}`,
      String(Math.max(0, upperBound - 1)),
      String(Math.max(1, upperBound)).length,
      upperBound < 1 ? 'false' : null,
    ),
  date_spine(datepart, start, end) {
    const first = `timestamp(${start})`;
    return numbersQuery(
      `date_${part(datepart)}`,
      (n) => dateadd(datepart, n, first),
      datediff(start, end, datepart),
      spineDigits(datepart, start, end),
      null,
      (n) => `${dateadd(datepart, n, first)} < ${end}`,
    );
  },
  round: (expression, scale) => `round(cast(${expression} as decimal(65,20)), ${scale})`,
  type_string: () => 'char',
  type_timestamp: () => 'datetime(6)',
  type_float: () => 'double',
  type_numeric: () => 'decimal(28,6)',
  type_bigint: () => 'signed',
  type_int: () => 'signed',
  type_boolean: () => 'boolean',
  type_date: () => 'date',
};

function dateadd(datepart: string, interval: string, from: string): string {
  const p = part(datepart);
  // timestamp() makes a date a moment, as on other engines, and keeps fractions where there are any.
  const [unit, times] = p === 'millisecond' ? ['microsecond', ' * 1000'] : [p, ''];
  return `date_add(timestamp(${from}), interval (${interval})${times} ${unit})`;
}

function dateTrunc(datepart: string, date: string): string {
  switch (part(datepart)) {
    case 'year':
      return `timestamp(makedate(year(${date}), 1))`;
    case 'quarter':
      return `timestamp(makedate(year(${date}), 1) + interval (quarter(${date}) - 1) quarter)`;
    case 'month':
      return `timestamp(date(${date}) - interval (dayofmonth(${date}) - 1) day)`;
    case 'week':
      return `timestamp(date(${date}) - interval weekday(${date}) day)`;
    case 'day':
      return `timestamp(date(${date}))`;
    case 'hour':
      return `(timestamp(date(${date})) + interval hour(${date}) hour)`;
    case 'minute':
      return `(timestamp(date(${date})) + interval (hour(${date}) * 60 + minute(${date})) minute)`;
    case 'second':
      return `(timestamp(date(${date})) + interval (hour(${date}) * 3600 + minute(${date}) * 60 + second(${date})) second)`;
    case 'millisecond':
      return `(timestamp(${date}) - interval (microsecond(${date}) mod 1000) microsecond)`;
    case 'microsecond':
      return `timestamp(${date})`;
    default:
      throw new Error(`date_trunc has no date part '${datepart}'.`);
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
      throw new Error(`datediff has no date part '${datepart}'.`);
  }
}

const PARTS: Readonly<Record<string, (date: string) => string>> = {
  week: (d) => `weekofyear(${d})`,
  dayofweek: (d) => `(weekday(${d}) + 1)`,
  dayofyear: (d) => `dayofyear(${d})`,
  day: (d) => `dayofmonth(${d})`,
};

function datePart(datepart: string, date: string): string {
  const p = part(datepart);
  return PARTS[p]?.(date) ?? `${p}(${date})`;
}

/** https://dev.mysql.com/doc/refman/8.0/en/string-functions.html#function_substring-index; a part that is not there is empty, as on other engines. */
function splitPart(text: string, delimiter: string, n: number | string): string {
  const count = `((char_length(${text}) - char_length(replace(${text}, ${delimiter}, ''))) div char_length(${delimiter}) + 1)`;
  const forward = `substring_index(substring_index(${text}, ${delimiter}, ${n}), ${delimiter}, -1)`;
  const backward = `substring_index(substring_index(${text}, ${delimiter}, ${n}), ${delimiter}, 1)`;
  const literal = /^\s*-?\d+\s*$/.test(String(n)) ? Number(n) : undefined;
  const value = literal === undefined ? `case when (${n}) > 0 then ${forward} else ${backward} end` : literal > 0 ? forward : backward;
  return `case when abs(${n}) > ${count} then '' else ${value} end`;
}

function safeCast(expression: string, type: string): string {
  const meaning = typeMeaning(type);
  const text = `trim(cast(${expression} as char))`;
  const when = (pattern: string, value: string): string => `case when ${text} regexp '${whole(pattern)}' then ${value} end`;
  const list = (texts: readonly string[]): string => texts.map((t) => `'${t}'`).join(', ');
  switch (meaning.kind) {
    case 'integer':
      return when(INTEGER_PATTERN, `case when cast(${text} as decimal(30,0)) between ${meaning.min} and ${meaning.max} then ${castExpression(text, type)} end`);
    case 'decimal': {
      const [precision, scale] = meaning.precision === 0 ? [28, 6] : [meaning.precision, meaning.scale];
      const limit = '1' + '0'.repeat(precision - scale);
      return when(DECIMAL_PATTERN, `case when abs(cast(${text} as decimal(65,${scale}))) < ${limit} then ${castExpression(text, type)} end`);
    }
    case 'float':
      return when(FLOAT_PATTERN, castExpression(text, type));
    case 'boolean':
      return `case when lower(${text}) in (${list(TRUE_TEXTS)}) then true when lower(${text}) in (${list(FALSE_TEXTS)}) then false end`;
    case 'date':
    case 'timestamp':
      return when(TIMESTAMP_PATTERN, castExpression(text, type));
    case 'time':
      return when(TIME_PATTERN, castExpression(text, type));
    case 'json':
      return `case when json_valid(${expression}) then ${castExpression(expression, type)} end`;
    default:
      return castExpression(expression, type);
  }
}

const DAYS: Readonly<Record<string, number>> = { year: 365, quarter: 90, month: 28, week: 7, day: 1 };

/** Decimal digits that count every step of a spine: exact where both ends are literal dates, else enough for 270 years of days, 114 of hours, 19 of minutes. */
function spineDigits(datepart: string, start: string, end: string): number {
  const p = part(datepart);
  const literal = (e: string): number =>
    Date.parse(`${/^\s*(?:cast\s*\(\s*|date\s*|timestamp\s*\(?\s*)?'(\d{4}-\d\d-\d\d)/i.exec(e)?.[1] ?? 'none'}T00:00:00Z`);
  const days = (literal(end) - literal(start)) / 86_400_000 + 1;
  const perDay = { hour: 24, minute: 1440, second: 86_400 }[p] ?? 1 / (DAYS[p] ?? 1);
  if (Number.isFinite(days)) return String(Math.max(1, Math.ceil(days * perDay))).length;
  return { hour: 6, minute: 7, second: 8 }[p] ?? 5;
}
