// Macros of dbt's global project that make SQL or lists out of what they are given: projects call them in macros,
// incremental strategies and materializations of their own.
import { iterate, truth } from '../template/compare.ts';
import { str } from '../template/print.ts';
import { Callable, dictOf, type Value } from '../template/values.ts';
import type { Table } from '../adapters/adapter.ts';
import { lookUp, needRelation } from './adapter-value.ts';
import { ColumnValue } from './column-value.ts';
import type { Context } from './context.ts';
import { toJson } from './data-text.ts';
import { asRelation, RelationValue } from './relation-value.ts';
import { macro, type WarehouseMacro } from './warehouse-macro.ts';

type Given = Value | undefined;

const given = (v: Given): v is Value => v !== undefined && v !== null;
const text = (v: Given): string => (given(v) ? str(v) : '');
const list = (v: Given): Value[] => (given(v) ? (typeof v === 'string' ? [v] : [...iterate(v)]) : []);
const columnName = (c: Value): string => (c instanceof ColumnValue ? c.column.name : c instanceof Map ? text(c.get('name')) : str(c));

/** `a, b` of columns or names. */
function csv(context: Context, columns: Given): string {
  return list(columns)
    .map((c) => context.facts.dialect.quote(columnName(c)))
    .join(', ');
}

function naive(context: Context): string {
  return `cast(${context.facts.dialect.current_timestamp()} as ${context.facts.dialect.type_timestamp()})`;
}

function hook(sql: Given, inside: boolean): string {
  return toJson(dictOf({ sql: text(sql), transaction: inside }), false);
}

function deleteInsert(context: Context, [target, source, key, columns, predicates]: readonly Given[]): string {
  const keys = list(key).map(str);
  const to = text(target);
  const from = text(source);
  const names = csv(context, columns);
  const also = list(predicates)
    .map((p) => `\n    and ${str(p)}`)
    .join('');
  const insert = `insert into ${to} (${names})\n(\n    select ${names}\n    from ${from}\n)`;
  if (keys.length === 0) return insert;
  const row = keys.length === 1 ? keys[0]! : `(${keys.join(', ')})`;
  return `delete from ${to}\nwhere ${keys.length === 1 ? `(${row})` : row} in (\n    select distinct ${keys.join(', ')}\n    from ${from}\n)${also};\n\n${insert}`;
}

function merge(context: Context, [target, source, key, columns, predicates]: readonly Given[]): string {
  const keys = list(key).map(str);
  const on = [...list(predicates).map(str), ...keys.map((k) => `DBT_INTERNAL_SOURCE.${k} = DBT_INTERNAL_DEST.${k}`)];
  if (keys.length === 0) on.push('FALSE');
  const [into, rows] = [asRelation(target), asRelation(source)];
  if (into !== undefined && rows !== undefined) {
    const insertColumns = list(columns).map(columnName);
    const identity = new Set(keys.map((k) => k.toLowerCase()));
    const updateColumns = keys.length === 0 ? [] : insertColumns.filter((c) => !identity.has(c.toLowerCase()));
    const condition = on.map((o) => `(${o})`).join(' and ');
    const statements = context.facts.dialect.merge({ target: into, source: rows, on: condition, updateColumns, insertColumns });
    // An engine without MERGE.
    if (statements.length > 1) return statements.join(';\n\n');
  }
  const names = list(columns).map((c) => context.facts.dialect.quote(columnName(c)));
  const update = keys.length === 0 ? '' : `\nwhen matched then update set\n    ${names.map((n) => `${n} = DBT_INTERNAL_SOURCE.${n}`).join(',\n    ')}\n`;
  const head = `merge into ${text(target)} as DBT_INTERNAL_DEST\nusing ${text(source)} as DBT_INTERNAL_SOURCE\non ${on.map((o) => `(${o})`).join(' and ')}\n`;
  return `${head}${update}\nwhen not matched then insert\n    (${names.join(', ')})\nvalues\n    (${names.map((n) => `DBT_INTERNAL_SOURCE.${n}`).join(', ')})`;
}

function updateColumns([only, not, columns]: readonly Given[]): Value {
  if (given(only)) return list(only);
  const left = new Set(list(not).map((n) => str(n).toLowerCase()));
  return list(columns).filter((c) => !left.has(columnName(c).toLowerCase()));
}

function differences([source, target]: readonly Given[]): Value {
  const have = new Set(list(target).map(columnName));
  return list(source).filter((c) => !have.has(columnName(c)));
}

function intervals(context: Context, [start, end, part]: readonly Given[]): Value {
  if (context.ask === null) return 0;
  const sql = `select ${context.facts.dialect.datediff(text(start), text(end), text(part))}`;
  const count = (context.ask({ kind: 'query', sql }) as Table).rows[0]?.[0];
  return Number(count ?? 0);
}

function powers(n: Given): number {
  let power = 1;
  while (2 ** power < Number(n)) power++;
  return power;
}

function getOrCreate(context: Context, [database, schema, identifier, type]: readonly Given[]): Value {
  const relation = { database: given(database) ? str(database) : null, schema: text(schema), identifier: text(identifier) };
  const found = lookUp(context, relation);
  if (found !== null) return [true, found];
  return [false, new RelationValue(relation, { dialect: context.facts.dialect, kind: text(type) === 'view' ? 'view' : 'table' })];
}

/** By name; parameters are dbt's. */
export const QUERY_MACROS: Readonly<Record<string, WarehouseMacro>> = {
  generate_schema_name_for_env: macro('custom_schema_name? node?', ({ facts }, _p, [custom]) =>
    facts.target.name === 'prod' && given(custom) ? str(custom).trim() : facts.target.schema,
  ),
  current_timestamp_backcompat: macro('', naive),
  current_timestamp_in_utc_backcompat: macro('', naive),
  snapshot_get_time: macro('', naive),
  equals: macro(
    'expr1 expr2',
    (_c, _p, [a, b]) => `case when (${text(a)} = ${text(b)}) or (${text(a)} is null and ${text(b)} is null)\n    then 0\n    else 1\nend = 0`,
  ),
  get_empty_subquery_sql: macro('select_sql select_sql_header?', (_c, _p, [sql]) => `select * from (\n${text(sql)}\n) as __dbt_sbq\nwhere false\nlimit 0`),
  get_select_subquery: macro('sql', (_c, _p, [sql]) => `select *\nfrom (\n${text(sql)}\n) as model_subq`),
  get_delete_insert_merge_sql: macro('target source unique_key dest_columns incremental_predicates?', (c, _p, args) => deleteInsert(c, args)),
  get_merge_sql: macro('target source unique_key dest_columns incremental_predicates?', (c, _p, args) => merge(c, args)),
  get_insert_into_sql: macro('target_relation temp_relation dest_columns', (c, _p, [target, source, columns]) =>
    deleteInsert(c, [target, source, null, columns]),
  ),
  get_merge_update_columns: macro('merge_update_columns merge_exclude_columns dest_columns', (_c, _p, args) => updateColumns(args)),
  diff_columns: macro('source_columns target_columns', (_c, _p, args) => differences(args)),
  get_intervals_between: macro('start_date end_date datepart', (c, _p, args) => intervals(c, args)),
  get_powers_of_two: macro('upper_bound', (_c, _p, [n]) => powers(n)),
  get_or_create_relation: macro('database schema identifier type', (c, _p, args) => getOrCreate(c, args)),
  information_schema_name: macro('database?', ({ facts }, _p, [database]) =>
    given(database) ? `${facts.dialect.quote(str(database))}.INFORMATION_SCHEMA` : 'INFORMATION_SCHEMA',
  ),
  drop_table: macro('relation', ({ facts }, _p, [r]) => facts.dialect.drop(needRelation(r, 'drop_table'), 'table')),
  drop_view: macro('relation', ({ facts }, _p, [r]) => facts.dialect.drop(needRelation(r, 'drop_view'), 'view')),
  make_hook_config: macro('sql inside_transaction', (_c, _p, [sql, inside]) => hook(sql, given(inside) && truth(inside))),
  before_begin: macro('sql', (_c, _p, [sql]) => hook(sql, false)),
  after_commit: macro('sql', (_c, _p, [sql]) => hook(sql, false)),
  in_transaction: macro('sql', (_c, _p, [sql]) => hook(sql, true)),
  get_column_schema_from_query: macro('select_sql select_sql_header?', (c, _p, [sql]) => {
    if (c.ask === null) return [];
    const table = c.ask({ kind: 'query', sql: c.facts.dialect.limitQuery(text(sql), 0), limit: 0 }) as Table;
    return table.columns.map((column) => new ColumnValue({ name: column.name, type: column.type }, c.facts.dialect));
  }),
  get_list_of_column_names: macro('columns', (_c, _p, [columns]) => list(columns).map(columnName)),
  list_relations_without_caching: macro('schema_relation', (c, pkg, [r], at) => adapterCall(c, pkg, 'list_relations_without_caching', [r ?? null], at)),
  check_schema_exists: macro('information_schema schema', (c, pkg, [, schema], at) =>
    adapterCall(c, pkg, 'check_schema_exists', [c.facts.target.database, schema ?? null], at),
  ),
};

function adapterCall(context: Context, pkg: string, name: string, args: Value[], at: Parameters<Callable['call']>[2]): Value {
  const adapter = context.scope(pkg).lookup('adapter');
  const method = typeof adapter === 'object' && adapter !== null && 'attribute' in adapter ? adapter.attribute(name) : undefined;
  return method instanceof Callable ? method.call(args, new Map(), at) : null;
}
