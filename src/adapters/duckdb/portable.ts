// The portable SQL of DuckDB: what `{{ dateadd(...) }}` and its kin become. Pure text to text.
// Functions: https://duckdb.org/docs/stable/sql/functions/overview
import type { PortableSql } from '../portable.ts';

const dateadd: PortableSql['dateadd'] = (datepart, interval, from) => `date_add(${from}, interval (${interval}) ${unit(datepart)})`;

// https://duckdb.org/docs/stable/sql/functions/date#date_diffpart-startdate-enddate: counts boundaries, except for weeks (from a Sunday
// to the Monday after it: 0), so the Mondays of both are compared instead.
const datediff: PortableSql['datediff'] = (first, second, datepart) => {
  const [part, a, b] = [unit(datepart), `cast(${first} as timestamp)`, `cast(${second} as timestamp)`];
  return part === 'week' ? `(date_diff('day', date_trunc('week', ${a}), date_trunc('week', ${b})) // 7)` : `date_diff('${part}', ${a}, ${b})`;
};

const date_trunc: PortableSql['date_trunc'] = (datepart, date) => `date_trunc('${unit(datepart)}', ${date})`;

/** What the parts of `date_part` are called in DuckDB: https://duckdb.org/docs/stable/sql/functions/datepart */
const PARTS: Readonly<Record<string, string>> = { dayofweek: 'isodow', dow: 'isodow', dayofyear: 'doy' };

/** DuckDB's portable SQL. */
export const portable: PortableSql = {
  dateadd,
  datediff,
  date_trunc,
  last_day: (date, datepart) => `cast(${dateadd('day', '-1', dateadd(datepart, '1', date_trunc(datepart, date)))} as date)`,
  date: (year, month, day) => `make_date(${year}, ${month}, ${day})`,
  date_part: (datepart, date) => `cast(date_part('${PARTS[unit(datepart)] ?? unit(datepart)}', ${date}) as integer)`,
  day_name: (date) => `dayname(${date})`,
  month_name: (date) => `monthname(${date})`,
  date_key: (date) => `cast(strftime(${date}, '%Y%m%d') as integer)`,
  concat: (fields) => `(${fields.join(' || ')})`,
  cast: (expression, type) => `cast(${expression} as ${type})`,
  safe_cast: (expression, type) => `try_cast(${expression} as ${type})`,
  split_part: (text, delimiter, part) => `split_part(${text}, ${delimiter}, ${part})`,
  string_literal: (value) => `'${value}'`,
  escape_single_quotes: escape,
  listagg,
  hash: (expression) => `md5(cast(${expression} as varchar))`,
  any_value: (expression) => `any_value(${expression})`,
  bool_or: (expression) => `bool_or(${expression})`,
  except: () => 'except',
  intersect: () => 'intersect',
  position: (substring, text) => `position(${substring} in ${text})`,
  right: (text, length) => `right(${text}, ${length})`,
  length: (expression) => `length(${expression})`,
  replace: (field, oldChars, newChars) => `replace(${field}, ${oldChars}, ${newChars})`,
  cast_bool_to_text: (expression) => `cast(${expression} as varchar)`,
  array_construct: (inputs, type) => (inputs.length > 0 ? `[${inputs.join(', ')}]` : `cast([] as ${type}[])`),
  array_append: (array, element) => `list_append(${array}, ${element})`,
  array_concat: (a, b) => `list_concat(${a}, ${b})`,
  current_timestamp: () => 'now()',
  generate_series: (upperBound) => `select range as generated_number from range(1, ${upperBound} + 1)`,
  date_spine: (datepart, start, end) =>
    `select ${dateadd(datepart, 'period.n', start)} as date_${unit(datepart)} from range(${datediff(start, end, datepart)}) as period(n)`,
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
  const order = orderBy === null || orderBy.trim() === '' ? '' : /^\s*order\s+by\s/i.test(orderBy) ? ` ${orderBy.trim()}` : ` order by ${orderBy}`;
  if (limit === null) return `string_agg(${measure}, ${delimiter}${order})`;
  return `array_to_string(list_filter(array_agg(${measure}${order}), lambda item: item is not null)[1:${limit}], ${delimiter})`;
}

function escape(value: string): string {
  return value.replaceAll("'", "''");
}

/** A date part as DuckDB spells it: quotes off, lower case, singular. */
function unit(datepart: string): string {
  const word = datepart
    .trim()
    .replace(/^['"]|['"]$/g, '')
    .toLowerCase();
  return word.replace(/^(year|quarter|month|week|day|hour|minute|second|millisecond|microsecond)s$/, '$1');
}
