import { expect, test } from 'vitest';
import { dialect } from '../adapters/duckdb/dialect.ts';
import type { Value } from '../template/values.ts';
import { ColumnValue } from './column-value.ts';
import type { Context } from './context.ts';
import { QUERY_MACROS } from './query-macros.ts';

const facts = { dialect, engine: 'duckdb', target: { name: 'dev', schema: 'main', database: 'w' } };
const call = (name: string, ...args: Value[]): Value =>
  QUERY_MACROS[name]!.run({ facts, ask: null } as unknown as Context, 'p', args, {} as Parameters<(typeof QUERY_MACROS)['x']['run']>[3]);
const columns = [new ColumnValue({ name: 'id', type: 'int' }, dialect), new ColumnValue({ name: 'k', type: 'varchar' }, dialect)];
const flat = (v: Value): string => String(v).replace(/\s+/g, ' ').trim();

test('delete and insert', () => {
  expect(flat(call('get_delete_insert_merge_sql', 't', 's', 'id', columns))).toBe(
    'delete from t where (id) in ( select distinct id from s ); insert into t ("id", "k") ( select "id", "k" from s )',
  );
  expect(flat(call('get_delete_insert_merge_sql', 't', 's', ['id', 'k'], columns, ['x > 1']))).toBe(
    'delete from t where (id, k) in ( select distinct id, k from s ) and x > 1; insert into t ("id", "k") ( select "id", "k" from s )',
  );
  expect(flat(call('get_insert_into_sql', 't', 's', columns))).toBe('insert into t ("id", "k") ( select "id", "k" from s )');
});

test('merge', () => {
  expect(flat(call('get_merge_sql', 't', 's', 'id', ['id', 'k']))).toBe(
    'merge into t as DBT_INTERNAL_DEST using s as DBT_INTERNAL_SOURCE on (DBT_INTERNAL_SOURCE.id = DBT_INTERNAL_DEST.id) ' +
      'when matched then update set "id" = DBT_INTERNAL_SOURCE."id", "k" = DBT_INTERNAL_SOURCE."k" ' +
      'when not matched then insert ("id", "k") values (DBT_INTERNAL_SOURCE."id", DBT_INTERNAL_SOURCE."k")',
  );
  expect(flat(call('get_merge_sql', 't', 's', null, ['id']))).toContain('on (FALSE)');
});

test('columns', () => {
  expect(call('diff_columns', columns, [columns[0]!])).toEqual([columns[1]]);
  expect(call('get_merge_update_columns', null, ['ID'], columns)).toEqual([columns[1]]);
  expect(call('get_merge_update_columns', ['a'], null, columns)).toEqual(['a']);
  expect(call('get_list_of_column_names', columns)).toEqual(['id', 'k']);
});

test('schemas by environment', () => {
  expect(call('generate_schema_name_for_env', 'x', null)).toBe('main');
  expect(call('get_powers_of_two', 100)).toBe(7);
});

test('hooks outside of the transaction', () => {
  expect(call('after_commit', 'vacuum')).toBe('{"sql": "vacuum", "transaction": false}');
});
