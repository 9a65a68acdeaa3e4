import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Decimal } from '../adapter.ts';
import { StatementFailure } from '../failures.ts';
import type { Session, Warehouse } from '../adapter.ts';
import { duckdb } from './index.ts';

let root: string;
let warehouse: Warehouse;
let session: Session;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'dwt-duckdb-'));
  warehouse = await duckdb.connect({}, { root, threads: 4 });
  session = await warehouse.session();
});
afterAll(async () => {
  await warehouse.close();
  rmSync(root, { recursive: true, force: true });
});

const failureOf = async (sql: string, limit?: number): Promise<StatementFailure> => {
  const thrown: unknown = await session.query(sql, limit).catch((e: unknown) => e);
  expect(thrown).toBeInstanceOf(StatementFailure);
  return thrown as StatementFailure;
};

describe('cells', () => {
  test.each<[string, unknown]>([
    ['null', null],
    ['true', true],
    ['1::tinyint', 1],
    ['9007199254740991::bigint', 9007199254740991],
    ['9007199254740993::bigint', 9007199254740993n],
    ['5::hugeint', 5],
    ['170141183460469231731687303715884105727::hugeint', 170141183460469231731687303715884105727n],
    ['1.50::decimal(10,2)', new Decimal('1.50')],
    ['-0.05::decimal(38,2)', new Decimal('-0.05')],
    ['0.1::double', 0.1],
    ["'nan'::double", NaN],
    ["'Infinity'::double", Infinity],
    ["date '2024-02-29'", '2024-02-29'],
    ["date '0044-03-15 (BC)'", '0044-03-15 (BC)'],
    ["date '0001-12-31 (BC)'", '0001-12-31 (BC)'],
    ["date '9999-12-31'", '9999-12-31'],
    ["date '12024-01-01'", '12024-01-01'],
    ["date 'infinity'", 'infinity'],
    ["date '-infinity'", '-infinity'],
    ["timestamp '2024-01-05 10:00:00'", '2024-01-05 10:00:00'],
    ["timestamp '1969-12-31 23:59:59.999999'", '1969-12-31 23:59:59.999999'],
    ["timestamp '2024-01-05 10:00:00.120'", '2024-01-05 10:00:00.12'],
    ["timestamp '0044-03-15 (BC) 10:00:00'", '0044-03-15 10:00:00 (BC)'],
    ["timestamp 'infinity'", 'infinity'],
    ["timestamptz '2024-01-05 10:00:00+02'", '2024-01-05 08:00:00+00:00'],
    ["timestamp_ns '2024-01-05 10:00:00.123456789'", '2024-01-05 10:00:00.123456789'],
    ["timestamp_ms '2024-01-05 10:00:00.123'", '2024-01-05 10:00:00.123'],
    ["timestamp_s '2024-01-05 10:00:00'", '2024-01-05 10:00:00'],
    ["time '10:00:00.5'", '10:00:00.5'],
    ["interval '1 year 2 days 3 hours'", '1 year 2 days 03:00:00'],
    ["uuid 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ["'x'::enum ('x', 'y')", 'x'],
    ['[1, null, 3]::bigint[]', [1, null, 3]],
    ["[date '2024-01-01']", ['2024-01-01']],
    ['[1.5, 2]::decimal(3,1)[2]', [new Decimal('1.5'), new Decimal('2.0')]],
    ["{'a': 1, 'b': {'c': [true]}}", { a: 1, b: { c: [true] } }],
    ["map {'k': 1, 'l': null}", { k: 1, l: null }],
    ["map {1: date '2024-01-01'}", { 1: '2024-01-01' }],
    ["'\\x00\\xFF'::blob", new Uint8Array([0, 255])],
    [`'{"a": 1}'::json`, '{"a": 1}'],
    ["'101'::bit", '101'],
    ['union_value(n := 5::bigint)', 5],
    ["'ä😀'", 'ä😀'],
  ])('%s', async (sql, value) => {
    expect((await session.query(`select ${sql} as v`)).rows).toEqual([[value]]);
  });

  test('dates agree with what DuckDB prints, over all of its range', async () => {
    const { rows } = await session.query("select d, d::varchar from (select (date '0400-03-01 (BC)' + (i * 997)::integer)::date as d from range(5000) t(i))");
    expect(rows.filter(([date, text]) => date !== text)).toEqual([]);
  });

  test('columns carry names and types', async () => {
    const { columns } = await session.query("select 1::decimal(10,2) as a, 'x' as b, [1] as c, '{}'::json as d");
    expect(columns).toEqual([
      { name: 'a', type: 'DECIMAL(10,2)' },
      { name: 'b', type: 'VARCHAR' },
      { name: 'c', type: 'INTEGER[]' },
      { name: 'd', type: 'JSON' },
    ]);
  });
});

describe('limits', () => {
  test('stops early, keeps order and names', async () => {
    const table = await session.query('-- all\nselect i as id, i as id, i as n_1 from range(10000) t(i) order by i desc; ', 2);
    expect(table.rows).toEqual([
      [9999, 9999, 9999],
      [9998, 9998, 9998],
    ]);
    expect(table.columns.map((c) => c.name)).toEqual(['id', 'id', 'n_1']);
  });
  test('DuckDB itself stops', async () => {
    expect((await session.query('from range(10000000000000)', 3)).rows).toEqual([[0], [1], [2]]);
  });
  test('any statement', async () => {
    expect((await session.query('create temp table l as select 1 as a; insert into l values (2); from l order by a', 1)).rows).toEqual([[1]]);
    expect((await session.query('describe l', 5)).rows).toHaveLength(1);
    expect((await session.query('with x as (select 7 as a) select * from x -- the end', 5)).rows).toEqual([[7]]);
    expect((await session.query('select 1 limit 0', 5)).rows).toEqual([]);
    await session.run('drop table l');
  });
  test('more rows than a chunk', async () => {
    expect((await session.query('from range(5000)')).rows).toHaveLength(5000);
    expect((await session.query('from range(5000)', 4000)).rows).toHaveLength(4000);
  });
});

describe('failures', () => {
  test.each<[string, string, number | undefined, number | undefined, readonly [string, string, readonly string[]] | undefined]>([
    ['select 1,\n  foo\nfrom (select 1 as fox)', 'Referenced column "foo" not found in FROM clause!', 2, 3, ['column', 'foo', ['fox']]],
    ["select 'ä😀',\n 'ä😀', zz from (select 1 as a)", 'Referenced column "zz" not found in FROM clause!', 2, 9, ['column', 'zz', ['a']]],
    ['select 1;\n\nselect *\n  fro x', 'syntax error at or near "x"', 4, 7, undefined],
    [
      `select ${'1 as aaaaaaaaaaaaaa, '.repeat(30)}foo from (select 1 as a)`,
      'Referenced column "foo" not found in FROM clause!',
      1,
      638,
      ['column', 'foo', ['a']],
    ],
    ['select sumx(1)', 'Scalar Function with name sumx does not exist!', 1, 8, ['function', 'sumx', ['sum']]],
    ['select * from "no where".t', 'Table with name "no where.t" does not exist because schema "no where" does not exist.', 1, 15, ['relation', 't', []]],
    ['select * from nowhere', 'Table with name nowhere does not exist!', 1, 15, ['relation', 'nowhere', []]],
    ["select cast('x' as int)", "Could not convert string 'x' to INT32", 1, 8, undefined],
    ['select 1 from range(3) group by', 'syntax error at end of input', 1, 32, undefined],
    ["select error('boo')", 'boo', undefined, undefined, undefined],
  ])('%s', async (sql, message, line, column, wanted) => {
    const missing = wanted === undefined ? undefined : { kind: wanted[0], name: wanted[1], candidates: wanted[2] };
    for (const limit of [undefined, 5]) expect(await failureOf(sql, limit)).toMatchObject({ message, line, column, missing });
  });

  test('the class is told', async () => {
    expect(await failureOf('select foo')).toMatchObject({ engineCode: 'Binder Error', retryable: false, cancelled: false, disconnected: false });
    expect(await failureOf('selec')).toMatchObject({ engineCode: 'Parser Error' });
    expect(await failureOf('grant select on x to y')).toMatchObject({ hint: 'DuckDB has no users or privileges: leave it out for this target.' });
  });

  test('a place in the text of a view is not one in the statement', async () => {
    await session.run('create table gone as select 1 as a');
    await session.run(`create view over_gone as select ${' '.repeat(3)} a from gone`);
    await session.run('drop table gone');
    const failure = await failureOf('select 1 as a, 2 as b, 3 as c from over_gone where a = 1');
    expect(failure).toMatchObject({ message: 'Table with name gone does not exist!' });
    await session.run('drop view over_gone');
  });

  test('a late error of a long result is not lost', async () => {
    await expect(session.query("select case when i = 900000 then error('late') else i end from range(1000000) t(i)")).rejects.toThrow('late');
  });

  test('a conflict of two transactions may be tried again', async () => {
    const other = await warehouse.session();
    await session.run('create table c as select 1 as a');
    await session.begin();
    await session.run('update c set a = 2');
    await expect(other.run('update c set a = 3')).rejects.toMatchObject({ retryable: true });
    await session.commit();
    await session.begin();
    await session.run('create table d as select 1');
    await expect(other.run('create table d as select 2')).rejects.toMatchObject({
      retryable: true,
      message: 'Catalog write-write conflict on create with "main.d"',
    });
    await session.rollback();
    await other.release();
    await session.run('drop table c');
  });
});

describe('statements', () => {
  test('rows are counted', async () => {
    expect(await session.run('create table n as from range(5)')).toEqual({ rows: 5 });
    expect(await session.run('insert into n values (7), (8)')).toEqual({ rows: 2 });
    expect(await session.run('update n set range = 9 where range > 6')).toEqual({ rows: 2 });
    expect(await session.run('delete from n where range = 9')).toEqual({ rows: 2 });
    expect(await session.run('create view nv as from n')).toEqual({ rows: null });
    expect(await session.run('drop view nv; drop table n')).toEqual({ rows: null });
    expect(await session.run('-- nothing')).toEqual({ rows: null });
  });

  test('a transaction is rolled back; rolling back twice is safe', async () => {
    await session.begin();
    await session.run('create table r as select 1');
    await session.rollback();
    await session.rollback();
    expect(await session.columns({ database: null, schema: 'main', identifier: 'r' })).toBeNull();
  });

  test('a running statement is cancelled, also one that has not started', async () => {
    for (const wait of [0, 50]) {
      const running = session.run('select count(*) from range(100000) a, range(100000) b, range(1000) c where a.range + b.range = c.range');
      const outcome = expect(running).rejects.toMatchObject({ cancelled: true });
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      await session.cancel();
      await outcome;
    }
    await session.cancel();
    expect((await session.query('select 1')).rows).toEqual([[1]]);
  });

  test('a released session leaves nothing to the next one', async () => {
    const first = await warehouse.session();
    await first.begin();
    await first.run('create table half as select 1');
    await first.run('create temp table tt as select 1');
    await first.release();
    await first.release();
    await expect(first.run('select 1')).rejects.toMatchObject({ disconnected: true });
    const second = await warehouse.session();
    await expect(second.run('from tt')).rejects.toThrow('does not exist');
    await expect(second.run('from half')).rejects.toThrow('does not exist');
    await second.release();
  });
});

describe('the catalog', () => {
  const at = (identifier: string, schema = 'main', database: string | null = null) => ({ database, schema, identifier });

  test('relations, columns, schemas', async () => {
    await session.run(
      'create schema "Sh op"; create table "Sh op"."Ta""ble" (a integer, "B" decimal(10,2)); create view "Sh op".v as select 1 as x; create temp table t as select 1',
    );
    const schema = { database: null, schema: 'Sh op' };
    expect(await session.relations([schema, { database: 'memory', schema: 'sh op' }, { database: null, schema: 'none' }])).toHaveLength(2);
    expect(await session.relations([schema])).toEqual([
      { ...at('Ta"ble', 'Sh op'), kind: 'table' },
      { ...at('v', 'Sh op'), kind: 'view' },
    ]);
    expect(await session.relations([])).toEqual([]);
    expect(await session.columns(at('Ta"ble', 'Sh op'))).toEqual([
      { name: 'a', type: 'INTEGER' },
      { name: 'B', type: 'DECIMAL(10,2)' },
    ]);
    expect(await session.columns(at('v', 'Sh op', 'memory'))).toEqual([{ name: 'x', type: 'INTEGER' }]);
    expect(await session.columns(at('none', 'Sh op'))).toBeNull();
    expect(await session.columns(at('v', 'none'))).toBeNull();
    expect(await session.columns(at('v', 'none', 'none'))).toBeNull();
    expect(await session.schemaExists({ database: null, schema: 'SH OP' })).toBe(true);
    expect(await session.schemaExists({ database: 'none', schema: 'main' })).toBe(false);
    await session.run('drop schema "Sh op" cascade; drop table t');
  });

  test('temporary tables and uncommitted changes are seen', async () => {
    const temporary = duckdb.dialect.temporary('tmp', at('x'));
    await session.begin();
    await session.run(duckdb.dialect.createTableAs(temporary, 'select 1 as a', { temporary: true }));
    await session.run('create table u (i int)');
    await session.run('alter table u add column j text');
    expect(await session.columns(temporary)).toEqual([{ name: 'a', type: 'INTEGER' }]);
    expect(await session.columns(at('u'))).toEqual([
      { name: 'i', type: 'INTEGER' },
      { name: 'j', type: 'VARCHAR' },
    ]);
    expect(await session.columns(at('missing'))).toBeNull();
    expect((await session.query('select 1')).rows).toEqual([[1]]);
    await session.rollback();
  });

  test('a view over something gone still has columns', async () => {
    await session.run('create table base as select 1 as a; create view orphan as from base; drop table base');
    expect(await session.columns(at('orphan'))).toEqual([{ name: 'a', type: 'INTEGER' }]);
    await session.run('drop view orphan');
  });
});
