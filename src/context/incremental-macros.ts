// Macros of dbt's global project that an incremental materialization is written with: projects that have one of their own call them.
import type { Column } from '../project/relation.ts';
import { iterate } from '../template/compare.ts';
import { str } from '../template/print.ts';
import { Callable, dictOf, raise, type Value } from '../template/values.ts';
import { act, columnsIn, needRelation } from './adapter-value.ts';
import { ColumnValue } from './column-value.ts';
import type { Context } from './context.ts';
import { QUERY_MACROS } from './query-macros.ts';
import { macro, type WarehouseMacro } from './warehouse-macro.ts';

const MODES = ['ignore', 'append_new_columns', 'sync_all_columns', 'fail'];

interface Changes {
  readonly added: readonly ColumnValue[];
  readonly removed: readonly ColumnValue[];
  readonly retyped: readonly { readonly column: ColumnValue; readonly type: string }[];
  readonly source: readonly ColumnValue[];
  readonly target: readonly ColumnValue[];
}

function compare(context: Context, from: Value | undefined, to: Value | undefined): Changes {
  const source = columnsIn(context, needRelation(from, 'check_for_schema_changes'));
  const target = columnsIn(context, needRelation(to, 'check_for_schema_changes'));
  const named = (columns: readonly ColumnValue[]): Map<string, Column> => new Map(columns.map((c) => [c.column.name.toLowerCase(), c.column]));
  const [had, has] = [named(target), named(source)];
  return {
    added: source.filter((c) => !had.has(c.column.name.toLowerCase())),
    removed: target.filter((c) => !has.has(c.column.name.toLowerCase())),
    retyped: target.flatMap((c) => {
      const now = has.get(c.column.name.toLowerCase());
      return now === undefined || now.type.toLowerCase() === c.column.type.toLowerCase() ? [] : [{ column: c, type: now.type }];
    }),
    source,
    target,
  };
}

function asValue(c: Changes): Value {
  return dictOf({
    schema_changed: c.added.length + c.removed.length + c.retyped.length > 0,
    source_not_in_target: [...c.added],
    target_not_in_source: [...c.removed],
    source_columns: [...c.source],
    target_columns: [...c.target],
    new_target_types: c.retyped.map((r) => dictOf({ column_name: r.column.column.name, new_type: r.type })),
  });
}

/** Brings the table in line as far as the mode says. */
function sync(context: Context, mode: string, to: Value | undefined, changes: Pick<Changes, 'added' | 'removed' | 'retyped'>): void {
  const { dialect } = context.facts;
  const target = needRelation(to, 'sync_column_schemas');
  const all = mode === 'sync_all_columns';
  const send = (statements: readonly string[]): void => {
    for (const sql of statements) act(context, { kind: 'statement', sql });
  };
  send(
    dialect.addColumns(
      target,
      changes.added.map((c) => c.column),
    ),
  );
  if (!all) return;
  send(
    dialect.dropColumns(
      target,
      changes.removed.map((c) => c.column.name),
    ),
  );
  for (const { column, type } of changes.retyped) send(dialect.alterColumnType(target, column.column.name, type));
}

function processChanges(context: Context, mode: string, from: Value | undefined, to: Value | undefined): Value {
  if (mode === 'ignore' || context.ask === null) return dictOf({});
  const changes = compare(context, from, to);
  if (changes.added.length + changes.removed.length + changes.retyped.length > 0) {
    if (mode === 'fail') {
      const names = (columns: readonly ColumnValue[]): string => columns.map((c) => c.column.name).join(', ') || 'none';
      const retyped = changes.retyped.map((r) => `${r.column.column.name} to ${r.type}`).join(', ') || 'none';
      raise(
        `The columns of the query are not those of its table, and on_schema_change is 'fail'. Added: ${names(changes.added)}; removed: ${names(changes.removed)}; changed type: ${retyped}.`,
        'raised',
      );
    }
    sync(context, mode, to, changes);
  }
  return [...changes.source];
}

const columnValues = (v: Value | undefined): ColumnValue[] =>
  v === undefined || v === null ? [] : [...iterate(v)].filter((c): c is ColumnValue => c instanceof ColumnValue);

/** What a strategy's macro is given. */
function argument(dict: Value | undefined, name: string): Value | undefined {
  return dict instanceof Map ? dict.get(name) : undefined;
}

function strategy(kind: 'append' | 'delete+insert' | 'merge' | 'default'): WarehouseMacro {
  return macro('arg_dict', (c, pkg, [dict], at) => {
    const [target, source, key, columns, predicates] = ['target_relation', 'temp_relation', 'unique_key', 'dest_columns', 'incremental_predicates'].map((n) =>
      argument(dict, n),
    );
    const keyed = key !== undefined && key !== null && str(key) !== '';
    const wanted = kind === 'default' ? (keyed ? 'delete+insert' : 'append') : kind;
    const run = (name: 'get_merge_sql' | 'get_delete_insert_merge_sql', unique: Value | undefined): Value => {
      // By its name, so that the project's own goes before it.
      const own = c.builtin(name, pkg);
      const args = [target ?? null, source ?? null, unique ?? null, columns ?? null, predicates ?? null];
      return own instanceof Callable ? own.call(args, new Map(), at) : QUERY_MACROS[name]!.run(c, pkg, args, at);
    };
    if (wanted === 'append') return run('get_delete_insert_merge_sql', null);
    return run(wanted === 'merge' ? 'get_merge_sql' : 'get_delete_insert_merge_sql', key);
  });
}

/** By name; parameters are dbt's. */
export const INCREMENTAL_MACROS: Readonly<Record<string, WarehouseMacro>> = {
  incremental_validate_on_schema_change: macro('on_schema_change default?', (_c, _p, [mode, otherwise]) =>
    typeof mode === 'string' && MODES.includes(mode) ? mode : (otherwise ?? 'ignore'),
  ),
  check_for_schema_changes: macro('source_relation target_relation', (c, _p, [from, to]) => asValue(compare(c, from, to))),
  process_schema_changes: macro('on_schema_change source_relation target_relation', (c, _p, [mode, from, to]) =>
    processChanges(c, str(mode ?? 'ignore'), from, to),
  ),
  sync_column_schemas: macro('on_schema_change target_relation schema_changes_dict', (c, _p, [mode, to, dict]) => {
    const targets = new Map(columnValues(argument(dict, 'target_columns')).map((t) => [t.column.name, t]));
    const types = argument(dict, 'new_target_types');
    const retyped = (types === undefined || types === null ? [] : [...iterate(types)]).flatMap((t) => {
      const column = targets.get(str(argument(t, 'column_name') ?? ''));
      return column === undefined ? [] : [{ column, type: str(argument(t, 'new_type') ?? '') }];
    });
    sync(c, str(mode ?? 'ignore'), to, {
      added: columnValues(argument(dict, 'source_not_in_target')),
      removed: columnValues(argument(dict, 'target_not_in_source')),
      retyped,
    });
    return '';
  }),
  alter_relation_add_remove_columns: macro('relation add_columns? remove_columns?', (c, _p, [r, add, remove]) => {
    sync(c, 'sync_all_columns', r, { added: columnValues(add), removed: columnValues(remove), retyped: [] });
    return '';
  }),
  get_incremental_append_sql: strategy('append'),
  get_incremental_delete_insert_sql: strategy('delete+insert'),
  get_incremental_merge_sql: strategy('merge'),
  get_incremental_default_sql: strategy('default'),
};
