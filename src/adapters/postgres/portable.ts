// PostgreSQL's text of what every engine can do under one name. Functions: https://www.postgresql.org/docs/current/functions.html
// Dates go through `timestamp`: `date_trunc` and friends would otherwise give a zoned timestamp for a date.
import { isoDate, orderClause, part } from '../server/sql-parts.ts';
import type { PortableSql } from '../portable.ts';
import { isTextLiteral, isWholeNumber, moment, operand, splitPartEdge, UnknownDatePart } from '../sql-terms.ts';
import { safeCast } from './safe-cast.ts';
import { postgresType } from './types.ts';

/** Every function of `PortableSql` in PostgreSQL's words. */
export const postgresPortable: PortableSql = {
  dateadd(datepart, interval, from) {
    const [unit, times] = intervalUnit(datepart);
    // Of seconds fractions count; others are whole, as on other engines, where a fraction rounds.
    const count = isWholeNumber(interval) || unit === 'second' || unit === 'millisecond' ? `(${interval})` : `cast(${interval} as bigint)`;
    return `(${moment(from)} + (${times === 1 ? count : `(${count} * ${times})`} * interval '1 ${unit}'))`;
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
    return `cast(${field === 'second' || field === 'millisecond' ? `floor(${extracted})` : extracted} as integer)`;
  },
  day_name: (date, short) => `to_char(cast(${date} as timestamp), '${short ? 'Dy' : 'FMDay'}')`,
  month_name: (date, short) => `to_char(cast(${date} as timestamp), '${short ? 'Mon' : 'FMMonth'}')`,
  date_key: (date) => `cast(to_char(cast(${date} as timestamp), 'YYYYMMDD') as integer)`,
  // `||` joins what is no text to a text only.
  concat: (fields) => `(${[...(fields.slice(0, 2).some(isTextLiteral) ? [] : ["''"]), ...fields.map(operand)].join(' || ')})`,
  cast: (expression, type) => `cast(${expression} as ${postgresType(type)})`,
  safe_cast: safeCast,
  split_part: (text, delimiter, n) => splitPartEdge(text, delimiter, n) ?? unlessZero(text, n, `split_part(${text}, ${delimiter}, ${n})`),
  string_literal: (value) => `'${value}'`,
  escape_single_quotes: (value) => value.replaceAll("'", "''"),
  listagg(measure, delimiter, orderBy, limit) {
    const order = orderBy ? ` ${orderClause(orderBy)}` : '';
    // With `distinct`, the order may name nothing but the argument as it stands.
    const distinct = /^\s*distinct\b/i.test(measure);
    const given = measure.replace(/^\s*distinct\b/i, '');
    const text = distinct ? measure : `cast(${measure} as text)`;
    if (limit === null) return `string_agg(${text}, ${delimiter}${order})`;
    return `array_to_string((array_agg(${text}${order}) filter (where ${operand(given)} is not null))[1:${limit}], ${delimiter})`;
  },
  text_of: (expression) => `cast(${expression} as text)`,
  hash: (expression) => `md5(cast(${expression} as text))`,
  any_value: (expression) => `(array_agg(${expression}) filter (where ${operand(expression)} is not null))[1]`,
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
    return `select cast(${start} as timestamp) + n * interval '${times} ${unit}' as date_${part(datepart)} from generate_series(0, ${datediff(start, end, datepart)} - 1) as series (n)`;
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
      // Before PostgreSQL 14 `epoch` is a double, too small for this: whole minutes, and what is over them.
      return `(cast(extract(epoch from date_trunc('minute', ${b})) - extract(epoch from date_trunc('minute', ${a})) as bigint) * 1000000 + cast(extract(microseconds from ${b}) - extract(microseconds from ${a}) as bigint))`;
    default:
      throw new UnknownDatePart('datediff', datepart);
  }
}

/** A server raises an error at part 0; other engines find nothing there. */
function unlessZero(text: string, n: number | string, value: string): string {
  return isWholeNumber(String(n)) ? value : `case when (${n}) = 0 then left(${text}, 0) else ${value} end`;
}

/** `split_part` for servers that count from the start alone: from the end, the text is turned round. */
export function splitPartEitherWay(text: string, delimiter: string, n: number | string): string {
  const edge = splitPartEdge(text, delimiter, n);
  if (edge !== null) return edge;
  const fromStart = (at: string): string => `split_part(${text}, ${delimiter}, ${at})`;
  const fromEnd = (at: string): string => `reverse(split_part(reverse(${text}), reverse(${delimiter}), ${at}))`;
  if (isWholeNumber(String(n))) return Number(n) < 0 ? fromEnd(String(-Number(n))) : fromStart(String(n));
  return unlessZero(text, n, `case when (${n}) < 0 then ${fromEnd(`abs(${n})`)} else ${fromStart(`abs(${n})`)} end`);
}
