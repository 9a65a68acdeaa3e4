// Macros of dbt's global project that act on the warehouse and that projects call by name, above all from their own
// materializations: statement, run_query, create_table_as, drop_relation_if_exists, …
import type { Outcome, Table } from '../adapters/adapter.ts';
import { isTemplate } from '../project/shape.ts';
import { truth } from '../template/compare.ts';
import { str } from '../template/print.ts';
import { parseTemplate, render } from '../template/template.ts';
import { Callable, type CallSite, dictOf, HostObject, raise, Tuple, Undefined, type Value } from '../template/values.ts';
import { act, columnsIn, dropRelation, dropSchema, lookUp, needRelation, renameRelation } from './adapter-value.ts';
import type { Context } from './context.ts';
import { RelationValue } from './relation-value.ts';
import { INCREMENTAL_MACROS } from './incremental-macros.ts';
import { QUERY_MACROS } from './query-macros.ts';
import { tableOf, type TableValue } from './table-value.ts';
import { macro, type WarehouseMacro } from './warehouse-macro.ts';

function runStatement(context: Context, name: string | null, fetch: boolean, sql: string, autoBegin: boolean): Value {
  if (context.ask === null) return '';
  // In so many words, as materializations for other engines have it.
  const [, word] = /^\s*(begin|commit)(?:\s+transaction)?\s*;?\s*$/i.exec(sql) ?? [];
  if (word !== undefined && context.opensTransaction) {
    if (word.toLowerCase() === 'commit') context.commit();
    else context.begin();
    store(context, name, null, tableOf(context));
    return '';
  }
  if (autoBegin) context.begin();
  if (fetch) {
    const table = context.ask({ kind: 'query', sql }) as Table;
    store(context, name, table.rows.length, tableOf(context, table));
  } else {
    const outcome = context.ask(name === 'main' ? { kind: 'statement', sql, main: true } : { kind: 'statement', sql }) as Outcome;
    store(context, name, outcome.rows, tableOf(context));
  }
  return '';
}

function store(context: Context, name: string | null, rows: number | null, table: TableValue): void {
  if (name === null) return;
  context.results.set(name, dictOf({ response: dictOf({ _message: 'OK', rows_affected: rows }), data: table.rows.map((r) => new Tuple(r.cells)), table }));
}

function called(caller: Value | undefined, at: CallSite): string {
  return caller instanceof Callable ? str(caller.call([], new Map(), at)) : '';
}

/** The same relation under a name with a suffix. */
function suffixed(context: Context, base: Value | undefined, suffix: string, type?: 'view' | 'table'): RelationValue {
  const relation = needRelation(base, 'make_temp_relation');
  const kind = type ?? (base instanceof RelationValue && base.facts.kind !== 'cte' ? (base.facts.kind ?? 'table') : 'table');
  return new RelationValue({ ...relation, identifier: `${relation.identifier}${suffix}` }, { dialect: context.facts.dialect, kind });
}

/** A setting of the node, null where it is not set. */
function configured(context: Context, pkg: string, name: string): Value {
  const config = context.scope(pkg).lookup('config');
  return config instanceof HostObject ? (config.item?.(name) ?? null) : null;
}

function createTableAs(context: Context, temporary: Value | undefined, relation: Value | undefined, sql: Value | undefined): string {
  const { dialect } = context.facts;
  const target = needRelation(relation, 'create_table_as');
  return temporary !== undefined && truth(temporary)
    ? dialect.createTableAs(dialect.temporary(target.identifier, target), str(sql ?? null), { temporary: true })
    : dialect.createTableAs(target, str(sql ?? null));
}

/** As dbt's macros call each other: one of the project may stand in the place of `name`. */
function through(context: Context, pkg: string, name: string, args: readonly (Value | undefined)[], at: CallSite): Value {
  const macroOf = context.scope(pkg).lookup(name);
  return macroOf instanceof Callable
    ? macroOf.call(
        args.map((v) => v ?? null),
        new Map(),
        at,
      )
    : raise(`'${name}' is not a macro here.`);
}

export const WAREHOUSE_MACROS: Readonly<Record<string, WarehouseMacro>> = {
  ...QUERY_MACROS,
  ...INCREMENTAL_MACROS,
  statement: macro('name? fetch_result? auto_begin? language? caller?', (c, _p, [name, fetch, autoBegin, , caller], at) =>
    c.ask === null
      ? ''
      : runStatement(
          c,
          name === undefined || name === null ? null : str(name),
          fetch !== undefined && truth(fetch),
          called(caller, at),
          autoBegin === undefined || truth(autoBegin),
        ),
  ),
  noop_statement: macro('name? message? code? rows_affected? res?', (c, _p, [name, , , rows]) => {
    store(c, name === undefined || name === null ? null : str(name), typeof rows === 'number' ? rows : null, tableOf(c));
    return '';
  }),
  run_query: macro('sql', (c, _p, [sql]) =>
    c.ask === null
      ? new Undefined('run_query', 'run_query has no result while the project is parsed')
      : tableOf(c, c.ask({ kind: 'query', sql: str(sql ?? null) }) as Table),
  ),
  load_result: macro('name', (c, _p, [name]) => c.results.get(str(name ?? null)) ?? null),
  store_result: macro('name response agate_table?', (c, _p, [name, response, table]) => {
    c.results.set(str(name ?? null), dictOf({ response: response ?? null, data: [], table: table ?? null }));
    return '';
  }),
  store_raw_result: macro('name message? code? rows_affected? agate_table?', (c, _p, [name, message, , rows, table]) => {
    c.results.set(str(name ?? null), dictOf({ response: dictOf({ _message: message ?? null, rows_affected: rows ?? null }), data: [], table: table ?? null }));
    return '';
  }),

  create_schema: macro('relation', (c, _p, [r]) => {
    const { database, schema } = needRelation(r, 'create_schema');
    act(c, { kind: 'statement', sql: c.facts.dialect.createSchema({ database, schema }) });
    return '';
  }),
  drop_schema: macro('relation', (c, _p, [r]) => dropSchema(c, r)),
  drop_schema_named: macro('schema_name', (c, _p, [name]) => {
    const { database, schema } = c.facts.target;
    return dropSchema(
      c,
      new RelationValue({ database, schema: name === undefined || name === null ? schema : str(name), identifier: '' }, { dialect: c.facts.dialect }),
    );
  }),
  drop_relation: macro('relation', (c, _p, [r]) => dropRelation(c, r)),
  drop_relation_if_exists: macro('relation', (c, pkg, [r], at) => (r === undefined || r === null ? '' : through(c, pkg, 'drop_relation', [r], at))),
  rename_relation: macro('from_relation to_relation', (c, _p, [a, b]) => renameRelation(c, a, b)),
  truncate_relation: macro('relation', (c, _p, [r]) => {
    act(c, { kind: 'statement', sql: c.facts.dialect.truncate(needRelation(r, 'truncate_relation')) });
    return '';
  }),
  load_relation: macro('relation', (c, _p, [r]) => lookUp(c, needRelation(r, 'load_relation'))),
  load_cached_relation: macro('relation', (c, _p, [r]) => lookUp(c, needRelation(r, 'load_cached_relation'))),
  get_columns_in_relation: macro('relation', (c, _p, [r]) => columnsIn(c, needRelation(r, 'get_columns_in_relation'))),
  get_columns_in_query: macro('select_sql', (c, _p, [sql]) => {
    if (c.ask === null) return [];
    const table = c.ask({ kind: 'query', sql: c.facts.dialect.limitQuery(str(sql ?? null), 0), limit: 0 }) as Table;
    return table.columns.map((column) => column.name);
  }),
  make_temp_relation: macro('base_relation suffix?', (c, _p, [r, s]) => {
    const { dialect } = c.facts;
    const { relation } = suffixed(c, r, s === undefined ? '__dwt_tmp' : str(s));
    return new RelationValue(dialect.temporary(relation.identifier, relation), { dialect, kind: 'table' });
  }),
  make_intermediate_relation: macro('base_relation suffix?', (c, _p, [r, s]) => suffixed(c, r, s === undefined ? '__dwt_tmp' : str(s))),
  make_backup_relation: macro('base_relation backup_relation_type? suffix?', (c, _p, [r, type, s]) =>
    suffixed(c, r, s === undefined ? '__dwt_old' : str(s), type === 'view' || type === 'table' ? type : undefined),
  ),
  create_table_as: macro('temporary relation compiled_code language?', (c, _p, [t, r, sql]) => createTableAs(c, t, r, sql)),
  get_create_table_as_sql: macro('temporary relation sql', (c, pkg, args, at) => through(c, pkg, 'create_table_as', args, at)),
  create_view_as: macro('relation sql', (c, _p, [r, sql]) => c.facts.dialect.createView(needRelation(r, 'create_view_as'), str(sql ?? null))),
  get_create_view_as_sql: macro('relation sql', (c, pkg, args, at) => through(c, pkg, 'create_view_as', args, at)),
  get_limit_sql: macro('sql limit', (c, _p, [sql, n]) => c.facts.dialect.limitQuery(str(sql ?? null), Number(str(n ?? null)))),
  get_where_subquery: macro('relation', (c, pkg, [r]) => {
    const where = configured(c, pkg, 'where');
    if (!(r instanceof RelationValue) || typeof where !== 'string' || where.trim() === '') return r ?? null;
    const condition = isTemplate(where) ? render(parseTemplate(where, 'where'), { scope: c.scope(pkg) }) : where;
    return r.with({ text: `(select * from ${r.display()} where ${condition}) dbt_subquery` });
  }),
  should_full_refresh: macro('', (c, pkg) => truth(configured(c, pkg, 'full_refresh') ?? c.facts.flags['FULL_REFRESH'] === true)),
  should_store_failures: macro('', (c, pkg) => truth(configured(c, pkg, 'store_failures') ?? c.facts.flags['STORE_FAILURES'] === true)),
  set_sql_header: macro('config caller?', (_c, _p, [config, caller], at) => {
    if (config instanceof HostObject) config.callAs?.([], new Map([['sql_header', called(caller, at)]]), at);
    return '';
  }),
  run_hooks: macro('hooks inside_transaction?', (c, _p, [hooks, inside]) => {
    const wanted = inside === undefined || truth(inside);
    for (const hook of Array.isArray(hooks) ? hooks : []) {
      const sql = hook instanceof Map ? str(hook.get('sql') ?? '') : str(hook);
      const transaction = hook instanceof Map ? truth(hook.get('transaction') ?? true) : true;
      if (transaction !== wanted || sql.trim() === '') continue;
      if (wanted) act(c, { kind: 'statement', sql });
      else {
        if (c.isOpen) c.commit();
        c.ask?.({ kind: 'statement', sql });
      }
    }
    return '';
  }),
  persist_docs: macro('relation model for_relation? for_columns?', () => ''),
  apply_grants: macro('relation grant_config should_revoke?', () => ''),
  should_revoke: macro('existing_relation full_refresh_mode?', () => true),
  create_indexes: macro('relation', () => ''),
  alter_column_type: macro('relation column_name new_column_type', (c, _p, [r, name, type]) => {
    for (const sql of c.facts.dialect.alterColumnType(needRelation(r, 'alter_column_type'), str(name ?? null), str(type ?? null)))
      act(c, { kind: 'statement', sql });
    return '';
  }),
  generate_schema_name: macro('custom_schema_name? node?', (c, _p, [custom]) =>
    custom === undefined || custom === null ? c.facts.target.schema : `${c.facts.target.schema}_${str(custom).trim()}`,
  ),
  generate_database_name: macro('custom_database_name? node?', (c, _p, [custom]) =>
    custom === undefined || custom === null ? c.facts.target.database : str(custom).trim(),
  ),
  generate_alias_name: macro('custom_alias_name? node?', (_c, _p, [custom, node]) =>
    custom !== undefined && custom !== null ? str(custom).trim() : node instanceof Map ? str(node.get('name') ?? '') : '',
  ),
};
