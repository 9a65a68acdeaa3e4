// PostgreSQL's text of what every engine can do under one name. Functions: https://www.postgresql.org/docs/current/functions.html
// Dates go through `timestamp`: `date_trunc` and friends would otherwise give a zoned timestamp for a date.
import { isoDate, orderClause, part } from '../server/sql-parts.ts';
import type { PortableSql } from '../portable.ts';
import {
  DATE_PATTERN,
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
import { postgresType } from './types.ts';

/** Every function of `PortableSql` in PostgreSQL's words. */
export const postgresPortable: PortableSql = {
  dateadd(datepart, interval, from) {
    const [unit, times] = intervalUnit(datepart);
    return `(${from} + (${times === 1 ? `(${interval})` : `((${interval}) * ${times})`} * interval '1 ${unit}'))`;
  },
  datediff,
  date_trunc: (datepart, date) => `date_trunc('${part(datepart)}', cast(${date} as timestamp))`,
  last_day(date, datepart) {
    const [unit, times] = intervalUnit(datepart);
    return `cast(date_trunc('${part(datepart)}', cast(${date} as timestamp)) + interval '${times} ${unit}' - interval '1 day' as date)`;
  },
  date: (year, month, day) => `cast('${isoDate(year, month, day)}' as date)`,
  date_part(datepart, date) {
    const p = part(datepart);
    const field = p === 'dayofweek' ? 'isodow' : p === 'dayofyear' ? 'doy' : p;
    const extracted = `extract(${field} from cast(${date} as timestamp))`;
    return `cast(${field === 'second' ? `floor(${extracted})` : extracted} as integer)`;
  },
  day_name: (date) => `to_char(cast(${date} as timestamp), 'FMDay')`,
  month_name: (date) => `to_char(cast(${date} as timestamp), 'FMMonth')`,
  date_key: (date) => `cast(to_char(cast(${date} as timestamp), 'YYYYMMDD') as integer)`,
  concat: (fields) => `(${fields.join(' || ')})`,
  cast: (expression, type) => `cast(${expression} as ${postgresType(type)})`,
  safe_cast: safeCast,
  split_part: (text, delimiter, n) => `split_part(${text}, ${delimiter}, ${n})`,
  string_literal: (value) => `'${value}'`,
  escape_single_quotes: (value) => value.replaceAll("'", "''"),
  listagg(measure, delimiter, orderBy, limit) {
    const order = orderBy ? ` ${orderClause(orderBy)}` : '';
    if (limit === null) return `string_agg(${measure}, ${delimiter}${order})`;
    return `array_to_string((array_agg(${measure}${order}))[1:${limit}], ${delimiter})`;
  },
  hash: (expression) => `md5(cast(${expression} as text))`,
  any_value: (expression) => `(array_agg(${expression}) filter (where ${expression} is not null))[1]`,
  bool_or: (expression) => `bool_or(${expression})`,
  except: () => 'except',
  intersect: () => 'intersect',
  position: (substring, text) => `position(${substring} in ${text})`,
  right: (text, length) => `right(${text}, ${length})`,
  length: (expression) => `length(${expression})`,
  replace: (field, oldChars, newChars) => `replace(${field}, ${oldChars}, ${newChars})`,
  cast_bool_to_text: (expression) => `cast(cast(${expression} as boolean) as text)`,
  array_construct: (inputs, type) => (inputs.length === 0 ? `cast(array[] as ${postgresType(type)}[])` : `array[${inputs.join(', ')}]`),
  array_append: (array, element) => `array_append(${array}, ${element})`,
  array_concat: (a, b) => `array_cat(${a}, ${b})`,
  current_timestamp: () => 'current_timestamp',
  generate_series: (upperBound) => `select generated_number from generate_series(1, ${upperBound}) as series (generated_number)`,
  date_spine(datepart, start, end) {
    const [unit, times] = intervalUnit(datepart);
    const step = `cast(${start} as timestamp) + n * interval '${times} ${unit}'`;
    return `select ${step} as date_${part(datepart)} from generate_series(0, ${datediff(start, end, datepart)}) as series (n) where ${step} < cast(${end} as timestamp)`;
  },
  round: (expression, scale) => `round(cast(${expression} as numeric), ${scale})`,
  type_string: () => 'text',
  type_timestamp: () => 'timestamp',
  type_float: () => 'double precision',
  type_numeric: () => 'numeric(28,6)',
  type_bigint: () => 'bigint',
  type_int: () => 'integer',
  type_boolean: () => 'boolean',
  type_date: () => 'date',
};

/** An interval has no quarters: three months. https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-INTERVAL-INPUT */
function intervalUnit(datepart: string): readonly [unit: string, times: number] {
  const p = part(datepart);
  return p === 'quarter' ? ['month', 3] : [p, 1];
}

function datediff(first: string, second: string, datepart: string): string {
  const p = part(datepart);
  const [a, b] = [`cast(${first} as timestamp)`, `cast(${second} as timestamp)`];
  const years = `(extract(year from ${b}) - extract(year from ${a}))`;
  const seconds = `(extract(epoch from date_trunc('${p}', ${b})) - extract(epoch from date_trunc('${p}', ${a})))`;
  switch (p) {
    case 'year':
      return `cast(${years} as integer)`;
    case 'quarter':
      return `cast(${years} * 4 + extract(quarter from ${b}) - extract(quarter from ${a}) as integer)`;
    case 'month':
      return `cast(${years} * 12 + extract(month from ${b}) - extract(month from ${a}) as integer)`;
    case 'week':
      return `((cast(date_trunc('week', ${b}) as date) - cast(date_trunc('week', ${a}) as date)) / 7)`;
    case 'day':
      return `(cast(${second} as date) - cast(${first} as date))`;
    case 'hour':
      return `cast(${seconds} / 3600 as bigint)`;
    case 'minute':
      return `cast(${seconds} / 60 as bigint)`;
    case 'second':
      return `cast(${seconds} as bigint)`;
    case 'millisecond':
      return `cast(${seconds} * 1000 as bigint)`;
    case 'microsecond':
      return `cast(${seconds} * 1000000 as bigint)`;
    default:
      throw new Error(`datediff has no date part '${datepart}'.`);
  }
}

function safeCast(expression: string, type: string): string {
  const meaning = typeMeaning(type);
  const text = `cast(${expression} as text)`;
  const target = postgresType(type);
  const when = (pattern: string, value: string): string => `case when ${text} ~ '${whole(pattern)}' then ${value} end`;
  switch (meaning.kind) {
    case 'text':
      return `cast(${expression} as ${target})`;
    case 'integer':
      return when(INTEGER_PATTERN, `case when cast(${text} as numeric) between ${meaning.min} and ${meaning.max} then cast(${text} as ${target}) end`);
    case 'decimal': {
      const value = `cast(${text} as ${target})`;
      if (meaning.precision === 0) return when(DECIMAL_PATTERN, value);
      const limit = '1' + '0'.repeat(meaning.precision - meaning.scale);
      return when(DECIMAL_PATTERN, `case when abs(round(cast(${text} as numeric), ${meaning.scale})) < ${limit} then ${value} end`);
    }
    case 'float':
      return when(FLOAT_PATTERN, `cast(${text} as ${target})`);
    case 'boolean': {
      const list = (texts: readonly string[]): string => texts.map((t) => `'${t}'`).join(', ');
      return `case when lower(trim(${text})) in (${list(TRUE_TEXTS)}) then true when lower(trim(${text})) in (${list(FALSE_TEXTS)}) then false end`;
    }
    case 'date':
      return when(TIMESTAMP_PATTERN, `cast(${text} as date)`);
    case 'timestamp':
      return when(TIMESTAMP_PATTERN, `cast(${text} as ${target})`);
    case 'timestamptz':
      return when(`${DATE_PATTERN}([ T]${TIME_PATTERN}(Z|[-+][0-9]{2}(:?[0-9]{2})?)?)?`, `cast(${text} as ${target})`);
    case 'time':
      return when(TIME_PATTERN, `cast(${text} as ${target})`);
    default:
      // https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-VALIDITY (PostgreSQL 16)
      return `case when pg_input_is_valid(${text}, '${target.replaceAll("'", "''")}') then cast(${text} as ${target}) end`;
  }
}

/** `split_part` for servers that count from the start alone: from the end, the text is turned round. */
export function splitPartEitherWay(text: string, delimiter: string, n: number | string): string {
  const fromStart = (at: string): string => `split_part(${text}, ${delimiter}, ${at})`;
  const fromEnd = (at: string): string => `reverse(split_part(reverse(${text}), reverse(${delimiter}), ${at}))`;
  if (typeof n === 'number') return n < 0 ? fromEnd(String(-n)) : fromStart(String(n));
  return `case when ${n} < 0 then ${fromEnd(`abs(${n})`)} else ${fromStart(`abs(${n})`)} end`;
}
