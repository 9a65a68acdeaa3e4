// The SQL that differs by engine under one name: what a template reaches as `{{ dateadd('day', 1, 'ordered_at') }}`.
// Arguments are SQL expressions as text unless said otherwise; each returns an expression.
// Meaning: https://docs.getdbt.com/reference/dbt-jinja-functions/cross-database-macros

export type DatePart = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond' | 'microsecond';

export interface PortableSql {
  /** `interval` date parts after `from`; a whole number is meant, except of seconds and milliseconds. */
  dateadd(datepart: string, interval: string, from: string): string;
  /** Boundaries of `datepart` crossed from `first` to `second` (not elapsed units). */
  datediff(first: string, second: string, datepart: string): string;
  date_trunc(datepart: string, date: string): string;
  last_day(date: string, datepart: string): string;
  /** A date from three literal numbers. */
  date(year: number, month: number, day: number): string;
  /** `part` of a date as an integer: year, quarter, month, day, week (ISO), dayofweek (ISO, Monday 1), dayofyear. */
  date_part(datepart: string, date: string): string;
  /** English name of the day (`Monday`, short `Mon`) or month (`January`, `Jan`), whatever the server's locale. */
  day_name(date: string, short: boolean): string;
  month_name(date: string, short: boolean): string;
  /** yyyymmdd as an integer. */
  date_key(date: string): string;
  concat(fields: readonly string[]): string;
  cast(expression: string, type: string): string;
  /** Null instead of an error where the text does not convert; which texts do is in `server/patterns.ts`. */
  safe_cast(expression: string, type: string): string;
  /** `part` counts from 1, or from the end when negative; a part that is not there is empty. */
  split_part(text: string, delimiter: string, part: number | string): string;
  string_literal(value: string): string;
  escape_single_quotes(value: string): string;
  /** The first `limit` values that are not null, in order. */
  listagg(measure: string, delimiter: string, orderBy: string | null, limit: number | null): string;
  /** The text of a value, one that other engines give too; what `hash` and keys are made of. */
  text_of(expression: string): string;
  /** md5 in lower-case hexadecimal of the text of an expression. */
  hash(expression: string): string;
  any_value(expression: string): string;
  bool_or(expression: string): string;
  except(): string;
  intersect(): string;
  position(substring: string, text: string): string;
  right(text: string, length: string): string;
  length(expression: string): string;
  replace(field: string, oldChars: string, newChars: string): string;
  /** `true` or `false` as text. */
  cast_bool_to_text(expression: string): string;
  array_construct(inputs: readonly string[], type: string): string;
  array_append(array: string, element: string): string;
  array_concat(a: string, b: string): string;
  current_timestamp(): string;
  /** A query with one integer column `generated_number`, from 1 to `upperBound`. */
  generate_series(upperBound: number): string;
  /** A query with one column `date_<datepart>`: `start`, and on by one date part, as often as `datediff` counts to `end`. */
  date_spine(datepart: string, start: string, end: string): string;
  /** Decimal rounding half away from zero; `scale` digits. */
  round(expression: string, scale: number): string;

  type_string(): string;
  type_timestamp(): string;
  type_float(): string;
  type_numeric(): string;
  type_bigint(): string;
  type_int(): string;
  type_boolean(): string;
  type_date(): string;
}
