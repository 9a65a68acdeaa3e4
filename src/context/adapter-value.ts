// `adapter.*` of a template: questions to the warehouse, answered by whoever drives the rendering.
// While parsing there is no warehouse: relations are not there, lists are empty, as in dbt.
// https://docs.getdbt.com/reference/dbt-jinja-functions/adapter
import type { Outcome, Table } from '../adapters/adapter.ts';
import type { Step } from '../adapters/step.ts';
import { truth } from '../template/compare.ts';
import type { Column, ExistingRelation, Relation, RelationKind } from '../project/relation.ts';
import { strategyMacro } from '../project/config.ts';
import { str } from '../template/print.ts';
import { Callable, dictOf, raise, Tuple, type Value } from '../template/values.ts';
import { ColumnValue } from './column-value.ts';
import type { Context } from './context.ts';
import { callable, Namespace } from './globals.ts';
import { asRelation, RelationValue } from './relation-value.ts';
import { tableOf } from './table-value.ts';

const STRATEGIES = ['append', 'delete+insert', 'merge'];

/** The relation an argument names; stops with a message where it is none. */
export function needRelation(value: Value | undefined, who: string): Relation {
  return asRelation(value) ?? raise(`${who} needs a relation, such as ref('…') or this.`);
}

export function lookUp(context: Context, relation: Relation): RelationValue | null {
  const kind = context.ask?.({ kind: 'relation', relation }) as RelationKind | null | undefined;
  return kind === null || kind === undefined ? null : new RelationValue(relation, { dialect: context.facts.dialect, kind });
}

export function columnsIn(context: Context, relation: Relation): ColumnValue[] {
  const columns = context.ask?.({ kind: 'columns', relation }) as readonly Column[] | null | undefined;
  return (columns ?? []).map((c) => new ColumnValue(c, context.facts.dialect));
}

/** Runs a step where there is a warehouse. */
export function act(context: Context, step: Step): void {
  if (step.kind === 'statement') context.begin();
  context.ask?.(step);
}

const BY_MACRO = [
  'get_columns_in_relation',
  'list_relations_without_caching',
  'check_schema_exists',
  'create_schema',
  'drop_schema',
  'drop_relation',
  'truncate_relation',
  'rename_relation',
];

/** Methods whose macro is running: what it calls of that name is the method itself. */
const overriding = new Set<string>();

export function adapterObject(context: Context, pkg: string): Value {
  const { dialect, engine, target } = context.facts;
  const text = (v: Value | undefined): string | null => (v === undefined || v === null ? null : str(v));
  const at = (d: Value | undefined, s: Value | undefined, i: Value | undefined): Relation => ({
    database: text(d) ?? target.database,
    schema: text(s) ?? target.schema,
    identifier: text(i) ?? '',
  });
  const missing = (from: Value | undefined, to: Value | undefined): ColumnValue[] => {
    const have = new Set(columnsIn(context, needRelation(to, 'get_missing_columns')).map((c) => c.column.name.toLowerCase()));
    return columnsIn(context, needRelation(from, 'get_missing_columns')).filter((c) => !have.has(c.column.name.toLowerCase()));
  };
  const members: Record<string, Value> = {
    dispatch: callable('dispatch', 'macro_name macro_namespace? packages?', ([n, ns]) => context.dispatch(str(n ?? null), text(ns), pkg)),
    type: callable('type', '', () => engine),
    quote: callable('quote', 'identifier', ([i]) => dialect.quote(str(i ?? null))),
    quote_as_configured: callable('quote_as_configured', 'identifier quote_key?', ([i]) => dialect.quote(str(i ?? null))),
    quote_seed_column: callable('quote_seed_column', 'column quote_config?', ([c]) => dialect.quote(str(c ?? null))),
    get_relation: callable('get_relation', 'database schema identifier', ([d, s, i]) => lookUp(context, at(d, s, i))),
    load_relation: callable('load_relation', 'relation', ([r]) => lookUp(context, needRelation(r, 'load_relation'))),
    already_exists: callable('already_exists', 'schema table', ([s, i]) => lookUp(context, at(undefined, s, i)) !== null),
    get_columns_in_relation: callable('get_columns_in_relation', 'relation', ([r]) => columnsIn(context, needRelation(r, 'get_columns_in_relation'))),
    get_missing_columns: callable('get_missing_columns', 'from_relation to_relation', ([a, b]) => missing(a, b)),
    expand_target_column_types: callable('expand_target_column_types', 'from_relation to_relation', ([a, b]) => {
      const goal = needRelation(b, 'expand_target_column_types');
      const have = new Map(columnsIn(context, goal).map((c) => [c.column.name, c.column.type]));
      for (const { column } of columnsIn(context, needRelation(a, 'expand_target_column_types'))) {
        const old = have.get(column.name);
        const wider = old === undefined ? null : dialect.widerType(old, column.type);
        if (old !== undefined && wider !== null && wider !== old)
          for (const sql of dialect.alterColumnType(goal, column.name, wider)) act(context, { kind: 'statement', sql });
      }
      return '';
    }),
    list_relations_without_caching: callable('list_relations_without_caching', 'schema_relation', ([r]) => {
      const { database, schema } = needRelation(r, 'list_relations_without_caching');
      const found = context.ask?.({ kind: 'relations', schema: { database, schema } }) as readonly ExistingRelation[] | undefined;
      return (found ?? []).map((f) => new RelationValue(f, { dialect, kind: f.kind }));
    }),
    check_schema_exists: callable('check_schema_exists', 'database schema', ([d, s]) => {
      return context.ask?.({ kind: 'schema', schema: { database: text(d) ?? target.database, schema: str(s ?? null) } }) === true;
    }),
    create_schema: callable('create_schema', 'relation', ([r]) => {
      const { database, schema } = needRelation(r, 'create_schema');
      act(context, { kind: 'statement', sql: dialect.createSchema({ database, schema }) });
      return '';
    }),
    drop_schema: callable('drop_schema', 'relation', ([r]) => dropSchema(context, r)),
    drop_relation: callable('drop_relation', 'relation', ([r]) => dropRelation(context, r)),
    truncate_relation: callable('truncate_relation', 'relation', ([r]) => {
      act(context, { kind: 'statement', sql: dialect.truncate(needRelation(r, 'truncate_relation')) });
      return '';
    }),
    rename_relation: callable('rename_relation', 'from_relation to_relation', ([a, b]) => renameRelation(context, a, b)),
    commit: callable('commit', '', () => {
      context.commit();
      return '';
    }),
    cache_added: callable('cache_added', 'relation', () => ''),
    cache_dropped: callable('cache_dropped', 'relation', () => ''),
    cache_renamed: callable('cache_renamed', 'from to', () => ''),
    verify_database: callable('verify_database', 'database', () => ''),
    valid_incremental_strategies: callable('valid_incremental_strategies', '', () => [...STRATEGIES]),
    get_incremental_strategy_macro: callable('get_incremental_strategy_macro', 'model_context strategy', ([, name]) => {
      const wanted = strategyMacro(str(name ?? 'default'));
      const found = context.scope(pkg).lookup(wanted);
      return found instanceof Callable
        ? found
        : raise(
            `There is no macro '${wanted}' for the incremental strategy '${str(name ?? null)}'.`,
            'undefined',
            `Write it in macros/, or use ${STRATEGIES.join(', ')}.`,
          );
    }),
    execute: callable('execute', 'sql auto_begin? fetch? limit?', ([sql, , fetch, limit]) =>
      execute(context, str(sql ?? null), fetch !== undefined && truth(fetch), typeof limit === 'number' ? limit : undefined),
    ),
  };
  // As in dbt, where these are macros behind the scenes, one of the project stands in their place.
  const own = context.ask === null ? [] : BY_MACRO.filter((name) => context.facts.macros.override(name, pkg) !== undefined);
  for (const name of own) {
    const builtin = members[name]!;
    const macro = new Callable(name, (args, kwargs, at) => {
      if (overriding.has(name)) return (builtin as Callable).call(args, kwargs, at);
      overriding.add(name);
      try {
        return context.macro(context.facts.macros.override(name, pkg)!).call(args, kwargs, at);
      } finally {
        overriding.delete(name);
      }
    });
    members[name] = macro;
  }
  return new Namespace('adapter', members);
}

/** Drops a schema with all that is in it. */
export function dropSchema(context: Context, value: Value | undefined): Value {
  const { database, schema } = needRelation(value, 'drop_schema');
  act(context, { kind: 'statement', sql: context.facts.dialect.dropSchema({ database, schema }) });
  context.ask?.({ kind: 'emptied', schema: { database, schema } });
  return '';
}

/** Runs SQL and gives what dbt does: its response, and the rows where they are asked for. */
function execute(context: Context, sql: string, fetch: boolean, limit: number | undefined): Value {
  const response = (rows: number | null): Value => dictOf({ _message: 'OK', code: 'OK', rows_affected: rows });
  if (context.ask === null) return new Tuple([response(null), tableOf(context)]);
  if (!fetch) return new Tuple([response((context.ask({ kind: 'statement', sql }) as Outcome).rows), tableOf(context)]);
  const table = context.ask({ kind: 'query', sql, ...(limit === undefined ? {} : { limit }) }) as Table;
  return new Tuple([response(table.rows.length), tableOf(context, table)]);
}

export function dropRelation(context: Context, value: Value | undefined): Value {
  if (value === null || value === undefined) return '';
  const relation = needRelation(value, 'drop_relation');
  const known = value instanceof RelationValue ? value.facts.kind : null;
  const kind =
    known === null || known === undefined || known === 'cte'
      ? ((context.ask?.({ kind: 'relation', relation }) as RelationKind | null | undefined) ?? null)
      : known;
  if (kind !== null) act(context, { kind: 'statement', sql: context.facts.dialect.drop(relation, kind) });
  act(context, { kind: 'changed', relation, exists: null });
  return '';
}

export function renameRelation(context: Context, a: Value | undefined, b: Value | undefined): Value {
  const from = needRelation(a, 'rename_relation');
  const to = needRelation(b, 'rename_relation');
  const known = a instanceof RelationValue && a.facts.kind !== 'cte' ? a.facts.kind : null;
  const kind = (context.ask?.({ kind: 'relation', relation: from }) as RelationKind | null | undefined) ?? known ?? 'table';
  for (const sql of context.facts.dialect.rename([{ from, to, kind }])) act(context, { kind: 'statement', sql });
  act(context, { kind: 'changed', relation: from, exists: null });
  act(context, { kind: 'changed', relation: to, exists: kind });
  return '';
}
