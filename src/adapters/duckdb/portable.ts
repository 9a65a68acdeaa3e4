// The portable SQL of DuckDB: what `{{ dateadd(...) }}` and its kin become. Pure text to text.
// Functions: https://duckdb.org/docs/stable/sql/functions/overview
import { table } from '../../project/table.ts';
import { orderClause, part } from '../server/sql-parts.ts';
import { typeMeaning } from '../server/patterns.ts';
import { isWholeNumber, moment, operand, splitPartEdge } from '../sql-terms.ts';
import type { PortableSql } from '../portable.ts';
import { castToText, safeCast } from './safe-cast.ts';

const dateadd: PortableSql['dateadd'] = (datepart, interval, from) => {
  const unit = part(datepart);
  // Of seconds fractions count; other intervals would be cut to whole numbers, where other engines round.
  const exact = isWholeNumber(interval) || unit === 'second' || unit === 'millisecond';
  return `date_add(${moment(from)}, interval (${exact ? interval : `cast(${interval} as bigint)`}) ${unit})`;
};

// https://duckdb.org/docs/stable/sql/functions/date#date_diffpart-startdate-enddate: counts boundaries, except for weeks (from a Sunday
// to the Monday after it: 0), so the Mondays of both are compared instead.
const datediff: PortableSql['datediff'] = (first, second, datepart) => {
  const [unit, a, b] = [part(datepart), `cast(${first} as timestamp)`, `cast(${second} as timestamp)`];
  return unit === 'week' ? `(date_diff('day', date_trunc('week', ${a}), date_trunc('week', ${b})) // 7)` : `date_diff('${unit}', ${a}, ${b})`;
};

const date_trunc: PortableSql['date_trunc'] = (datepart, date) => `date_trunc('${part(datepart)}', ${moment(date)})`;

/** What the parts of `date_part` are called in DuckDB: https://duckdb.org/docs/stable/sql/functions/datepart */
const PARTS: Readonly<Record<string, string>> = table({ dayofweek: 'isodow', dayofyear: 'doy' });

/** DuckDB's portable SQL. */
export const portable: PortableSql = {
  dateadd,
  datediff,
  date_trunc,
  last_day: (date, datepart) => `cast(${dateadd('day', '-1', dateadd(datepart, '1', date_trunc(datepart, date)))} as date)`,
  date: (year, month, day) => `make_date(${year}, ${month}, ${day})`,
  date_part: (datepart, date) => `cast(date_part('${PARTS[part(datepart)] ?? part(datepart)}', ${moment(date)}) as integer)`,
  day_name: (date, short) => name(`dayname(${moment(date)})`, short),
  month_name: (date, short) => name(`monthname(${moment(date)})`, short),
  date_key: (date) => `cast(strftime(${moment(date)}, '%Y%m%d') as integer)`,
  concat: (fields) => `(${fields.map(operand).join(' || ')})`,
  cast: (expression, type) => (typeMeaning(type).kind === 'text' ? castToText(expression, type) : `cast(${expression} as ${type})`),
  safe_cast: safeCast,
  split_part: (text, delimiter, n) => splitPartEdge(text, delimiter, n) ?? `split_part(${text}, ${delimiter}, ${n})`,
  string_literal: (value) => `'${value}'`,
  escape_single_quotes: escape,
  listagg,
  text_of: (expression) => `cast(${expression} as varchar)`,
  hash: (expression) => `md5(cast(${expression} as varchar))`,
  any_value: (expression) => `any_value(${expression})`,
  bool_or: (expression) => `bool_or(${expression})`,
  except: () => 'except',
  intersect: () => 'intersect',
  position: (substring, text) => `position(${substring} in ${text})`,
  right: (text, length) => `right(${text}, ${length})`,
  length: (expression) => `length(${expression})`,
  replace: (field, oldChars, newChars) => `replace(${field}, ${oldChars}, ${newChars})`,
  cast_bool_to_text: (expression) => `cast(cast(${expression} as boolean) as varchar)`,
  array_construct: (inputs, type) => (inputs.length > 0 ? `[${inputs.join(', ')}]` : `cast([] as ${type}[])`),
  array_append: (array, element) => `list_append(${array}, ${element})`,
  array_concat: (a, b) => `list_concat(${a}, ${b})`,
  current_timestamp: () => 'now()',
  generate_series: (upperBound) => `select range as generated_number from range(1, ${upperBound} + 1)`,
  date_spine: (datepart, start, end) =>
    `select date_add(${moment(start)}, interval (period.n) ${part(datepart)}) as date_${part(datepart)} from range(${datediff(start, end, datepart)}) as period(n)`,
  round: (expression, scale) => `round(${expression}, ${scale})`,

  type_string: () => 'varchar',
  type_timestamp: () => 'timestamp',
  type_float: () => 'double',
  type_numeric: () => 'decimal(28, 6)',
  type_bigint: () => 'bigint',
  type_int: () => 'integer',
  type_boolean: () => 'boolean',
  type_date: () => 'date',
};

/** https://duckdb.org/docs/stable/sql/functions/aggregates#string_aggarg-sep: nulls are left out, and do not count toward `limit`. */
function listagg(measure: string, delimiter: string, orderBy: string | null, limit: number | null): string {
  const order = orderBy ? ` ${orderClause(orderBy)}` : '';
  if (limit === null) return `string_agg(${measure}, ${delimiter}${order})`;
  const given = operand(measure.replace(/^\s*distinct\b/i, ''));
  return `array_to_string((array_agg(${measure}${order}) filter (where ${given} is not null))[1:${limit}], ${delimiter})`;
}

const name = (full: string, short: boolean): string => (short ? `left(${full}, 3)` : full);

function escape(value: string): string {
  return value.replaceAll("'", "''");
}
