// The macros dwt brings: portable SQL under dbt's names and parameters, each of them overridable by a macro
// `<engine>__name` or `default__name` of the project (dispatch), and the four data tests everyone has.
import type { Dialect } from '../adapters/adapter.ts';
import { UnknownDatePart } from '../adapters/sql-terms.ts';
import { bind } from '../template/arguments.ts';
import { str } from '../template/print.ts';
import { truth } from '../template/compare.ts';
import { HostObject, type Keywords, raise, Tuple, type Value } from '../template/values.ts';

export interface BuiltinMacro {
  /** A trailing `?` marks a parameter that may be left out. */
  readonly parameters: readonly string[];
  readonly sql: (dialect: Dialect, args: readonly (Value | undefined)[]) => string;
}

const t = (v: Value | undefined): string => (v === undefined || v === null ? '' : str(v));
const n = (v: Value | undefined): number => {
  const x = Number(t(v));
  return Number.isNaN(x) ? raise(`A number is needed, not '${t(v)}'.`) : x;
};
const texts = (v: Value | undefined): string[] => (Array.isArray(v) ? v.map(str) : v instanceof Tuple ? v.items.map(str) : [t(v)]);
const orderBy = (v: Value | undefined): string | null => (v === undefined || v === null || t(v) === '' ? null : t(v).replace(/^\s*order\s+by\s+/i, ''));

/** One text of several columns, null a value like any other, hashed: what the widely used package's macro of this name gives. */
function surrogateKey(d: Dialect, fields: readonly string[]): string {
  if (fields.length === 0) raise('generate_surrogate_key needs a list of columns.');
  const columns = fields.map((f) => `coalesce(${d.text_of(f)}, ${d.string_literal('_dbt_utils_surrogate_key_null_')})`);
  return d.hash(columns.length === 1 ? columns[0]! : d.concat(columns.flatMap((c, i) => (i === 0 ? [c] : [d.string_literal('-'), c]))));
}

/** The three numbers, if there is such a day. */
function calendarDay(year: number, month: number, day: number): [number, number, number] {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const there = year >= 1 && year <= 9999 && date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return there ? [year, month, day] : raise(`There is no day ${day} of month ${month} in the year ${year}.`);
}

function macro(parameters: string, sql: BuiltinMacro['sql']): BuiltinMacro {
  return { parameters: parameters === '' ? [] : parameters.split(' '), sql };
}

/** By name. Parameters are dbt's: https://docs.getdbt.com/reference/dbt-jinja-functions/cross-database-macros */
export const PORTABLE: Readonly<Record<string, BuiltinMacro>> = {
  dateadd: macro('datepart interval from_date_or_timestamp', (d, [p, i, f]) => d.dateadd(t(p), t(i), t(f))),
  datediff: macro('first_date second_date datepart', (d, [a, b, p]) => d.datediff(t(a), t(b), t(p))),
  date_trunc: macro('datepart date', (d, [p, x]) => d.date_trunc(t(p), t(x))),
  last_day: macro('date datepart', (d, [x, p]) => d.last_day(t(x), t(p))),
  date: macro('year month day', (d, [y, m, x]) => d.date(...calendarDay(n(y), n(m), n(x)))),
  date_part: macro('datepart date', (d, [p, x]) => d.date_part(t(p), t(x))),
  day_name: macro('date short?', (d, [x, s]) => d.day_name(t(x), s !== undefined && truth(s))),
  month_name: macro('date short?', (d, [x, s]) => d.month_name(t(x), s !== undefined && truth(s))),
  date_key: macro('date', (d, [x]) => d.date_key(t(x))),
  concat: macro('fields', (d, [f]) => d.concat(texts(f))),
  cast: macro('field type', (d, [f, ty]) => d.cast(t(f), t(ty))),
  safe_cast: macro('field type', (d, [f, ty]) => d.safe_cast(t(f), t(ty))),
  split_part: macro('string_text delimiter_text part_number', (d, [s, l, p]) => d.split_part(t(s), t(l), typeof p === 'number' ? p : t(p))),
  string_literal: macro('value', (d, [v]) => d.string_literal(str(v ?? null))),
  escape_single_quotes: macro('expression', (d, [v]) => d.escape_single_quotes(t(v))),
  listagg: macro('measure delimiter_text? order_by_clause? limit_num?', (d, [m, l, o, x]) =>
    d.listagg(t(m), l === undefined ? "','" : t(l), orderBy(o), x === undefined || !truth(x) ? null : n(x)),
  ),
  hash: macro('field', (d, [f]) => d.hash(t(f))),
  generate_surrogate_key: macro('field_list', (d, [f]) => surrogateKey(d, texts(f))),
  any_value: macro('expression', (d, [x]) => d.any_value(t(x))),
  bool_or: macro('expression', (d, [x]) => d.bool_or(t(x))),
  except: macro('', (d) => d.except()),
  intersect: macro('', (d) => d.intersect()),
  position: macro('substring_text string_text', (d, [a, b]) => d.position(t(a), t(b))),
  right: macro('string_text length_expression', (d, [s, l]) => d.right(t(s), t(l))),
  length: macro('expression', (d, [x]) => d.length(t(x))),
  replace: macro('field old_chars new_chars', (d, [f, a, b]) => d.replace(t(f), t(a), t(b))),
  cast_bool_to_text: macro('field', (d, [f]) => d.cast_bool_to_text(t(f))),
  array_construct: macro('inputs? data_type?', (d, [i, ty]) => d.array_construct(i === undefined ? [] : texts(i), ty === undefined ? d.type_int() : t(ty))),
  array_append: macro('array new_element', (d, [a, e]) => d.array_append(t(a), t(e))),
  array_concat: macro('array_1 array_2', (d, [a, b]) => d.array_concat(t(a), t(b))),
  current_timestamp: macro('', (d) => d.current_timestamp()),
  generate_series: macro('upper_bound', (d, [u]) => d.generate_series(n(u))),
  date_spine: macro('datepart start_date end_date', (d, [p, a, b]) => d.date_spine(t(p), t(a), t(b))),
  round: macro('expression scale?', (d, [x, s]) => d.round(t(x), s === undefined ? 0 : n(s))),
  type_string: macro('', (d) => d.type_string()),
  type_timestamp: macro('', (d) => d.type_timestamp()),
  type_float: macro('', (d) => d.type_float()),
  type_numeric: macro('', (d) => d.type_numeric()),
  type_bigint: macro('', (d) => d.type_bigint()),
  type_int: macro('', (d) => d.type_int()),
  type_boolean: macro('', (d) => d.type_boolean()),
  type_date: macro('', (d) => d.type_date()),
};

/** SQL whose rows are failures. https://docs.getdbt.com/docs/build/data-tests */
export const GENERIC_TESTS: Readonly<Record<string, BuiltinMacro>> = {
  unique: macro(
    'model column_name',
    (_d, [m, c]) =>
      `select\n    ${t(c)} as unique_field,\n    count(*) as n_records\n\nfrom ${t(m)}\nwhere ${t(c)} is not null\ngroup by ${t(c)}\nhaving count(*) > 1`,
  ),
  not_null: macro(
    'model column_name store?',
    (_d, [m, c, store]) => `select ${store !== undefined && truth(store) ? '*' : t(c)}\nfrom ${t(m)}\nwhere ${t(c)} is null`,
  ),
  accepted_values: macro('model column_name values quote?', (d, [m, c, values, quote]) => {
    const quoted = quote === undefined || truth(quote);
    const list = texts(values).map((v) => (quoted ? d.stringLiteral(undoubled(v)) : v));
    return `with all_values as (\n\n    select\n        ${t(c)} as value_field,\n        count(*) as n_records\n\n    from ${t(m)}\n    group by ${t(c)}\n\n)\n\nselect *\nfrom all_values\nwhere value_field not in (\n    ${list.join(',')}\n)`;
  }),
  relationships: macro(
    'model column_name to field',
    (_d, [m, c, to, field]) =>
      `with child as (\n    select ${t(c)} as from_field\n    from ${t(m)}\n    where ${t(c)} is not null\n),\n\nparent as (\n    select ${t(field)} as to_field\n    from ${t(to)}\n)\n\nselect\n    from_field\n\nfrom child\nleft join parent\n    on child.from_field = parent.to_field\n\nwhere parent.to_field is null`,
  ),
};

/** A text whose quotes are all doubled already, as dbt's own test wants them, without the doubling. */
function undoubled(text: string): string {
  const runs = text.match(/'+/g) ?? [];
  return runs.every((run) => run.length % 2 === 0) ? text.replaceAll("''", "'") : text;
}

/** Calls a built-in with a template's arguments. */
export function callBuiltin(name: string, macro: BuiltinMacro, dialect: Dialect, args: Value[], kwargs: Keywords): string {
  const bound = bind(name, macro.parameters, args.map(shown), kwargs);
  try {
    return macro.sql(dialect, bound);
  } catch (e) {
    if (e instanceof UnknownDatePart) raise(e.message);
    throw e;
  }
}

const shown = (v: Value): Value => (v instanceof HostObject ? (v.text?.() ?? v.display()) : v);
