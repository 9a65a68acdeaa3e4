import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cell, Session, Warehouse } from '../adapter.ts';
import { Decimal } from '../adapter.ts';
import { duckdb } from './index.ts';
import { portable as p } from './portable.ts';

let warehouse: Warehouse;
let session: Session;
beforeAll(async () => {
  warehouse = await duckdb.connect({}, { root: '/', threads: 1 });
  session = await warehouse.session();
  await session.run("create table t as select * from (values (1, 'c', date '2024-01-31'), (2, 'a', null), (3, null, null), (4, 'b', null)) t(n, s, d)");
});
afterAll(() => warehouse.close());

const d = (text: string): string => `cast('${text}' as date)`;
const ts = (text: string): string => `cast('${text}' as timestamp)`;

test.each<[string, Cell]>([
  [p.dateadd('day', '1', d('2024-02-28')), '2024-02-29 00:00:00'],
  [p.dateadd('month', '1', d('2024-01-31')), '2024-02-29 00:00:00'],
  [p.dateadd('quarter', '-1', d('2024-05-31')), '2024-02-29 00:00:00'],
  [p.dateadd("'week'", '1 + 1', ts('2024-01-01 10:00:00')), '2024-01-15 10:00:00'],
  [p.dateadd('year', '(select n from t where n = 1)', d('2024-02-29')), '2025-02-28 00:00:00'],
  [p.dateadd('hours', '-1', ts('2024-01-01 00:30:00')), '2023-12-31 23:30:00'],
  [p.dateadd('millisecond', '1', ts('2024-01-01 00:00:00')), '2024-01-01 00:00:00.001'],
  [p.datediff(d('2023-12-31'), d('2024-01-01'), 'year'), 1],
  [p.datediff(d('2024-01-31'), d('2024-02-01'), 'month'), 1],
  [p.datediff(d('2024-03-31'), d('2024-04-01'), 'quarter'), 1],
  [p.datediff(d('2024-01-06'), d('2024-01-07'), 'week'), 0], // Saturday, Sunday
  [p.datediff(d('2024-01-07'), d('2024-01-08'), 'week'), 1], // Sunday, Monday
  [p.datediff(d('2024-01-10'), d('2024-01-03'), 'week'), -1],
  [p.datediff(d('1969-12-30'), d('1970-01-05'), 'week'), 1],
  [p.datediff(ts('2024-01-01 23:59:59'), ts('2024-01-02 00:00:00'), 'day'), 1],
  [p.datediff(ts('2024-01-01 10:59:59'), ts('2024-01-01 11:00:00'), 'hour'), 1],
  [p.datediff(d('2024-01-02'), "'2024-01-01'", 'minute'), -1440],
  [p.datediff(ts('2024-01-01 00:00:00'), ts('2024-01-01 00:00:01'), 'microsecond'), 1_000_000],
  [p.date_trunc('week', d('2024-01-07')), '2024-01-01 00:00:00'],
  [p.date_trunc('quarter', ts('2024-05-31 10:00:00')), '2024-04-01 00:00:00'],
  [p.last_day(d('2024-02-10'), 'month'), '2024-02-29'],
  [p.last_day(d('2024-02-10'), 'quarter'), '2024-03-31'],
  [p.last_day(ts('2024-12-31 23:00:00'), 'year'), '2024-12-31'],
  [p.last_day(d('2024-01-03'), 'week'), '2024-01-07'],
  [p.date(2024, 1, 5), '2024-01-05'],
  [p.date_part('dayofweek', d('2024-01-07')), 7],
  [p.date_part('dayofyear', d('2024-12-31')), 366],
  [p.date_part('week', d('2024-12-31')), 1],
  [p.date_part('quarter', d('2024-12-31')), 4],
  [p.date_part('year', d('2024-12-31')), 2024],
  [`typeof(${p.date_part('month', d('2024-12-31'))})`, 'INTEGER'],
  [p.day_name(d('2024-01-07'), false), 'Sunday'],
  [p.month_name(ts('2024-01-07 10:00:00'), true), 'Jan'],
  [p.date_key(d('2024-01-07')), 20240107],
  [p.concat(["'a'", '1', "'b'"]), 'a1b'],
  [p.concat(["'a'", 'null']), null],
  [p.cast("'1'", p.type_int()), 1],
  [p.safe_cast("'x'", 'integer'), null],
  [p.safe_cast("'2024-01-05'", 'date'), '2024-01-05'],
  [p.split_part("'a,b,c'", "','", 2), 'b'],
  [p.split_part("'a,b,c'", "','", -1), 'c'],
  [p.split_part("'a,b,c'", "','", 9), ''],
  [p.split_part("'a|b'", "'|'", '1 + 1'), 'b'],
  [p.string_literal(p.escape_single_quotes("it's")), "it's"],
  [p.hash("'x'"), '9dd4e461268c8034f5c8564e155c67a6'],
  [p.hash('1'), 'c4ca4238a0b923820dcc509a6f75849b'],
  [p.hash('null'), null],
  [p.position("'c'", "'abc'"), 3],
  [p.position("'x'", "'abc'"), 0],
  [p.right("'abc'", '2'), 'bc'],
  [p.right("'abc'", '0'), ''],
  [p.length("'äb😀'"), 3],
  [p.replace("'abcb'", "'b'", "'x'"), 'axcx'],
  [p.cast_bool_to_text('1 = 1'), 'true'],
  [p.array_construct(['1', '2'], 'integer'), [1, 2]],
  [p.array_construct([], 'integer'), []],
  [p.array_append(p.array_construct([], 'varchar'), "'x'"), ['x']],
  [p.array_concat('[1]', '[2, 3]'), [1, 2, 3]],
  [p.round('2.5', 0), new Decimal('3')],
  [p.round('-2.5', 0), new Decimal('-3')],
  [p.round('1.005::decimal(10,3)', 2), new Decimal('1.01')],
  [`typeof(${p.current_timestamp()})`, 'TIMESTAMP WITH TIME ZONE'],
  [`typeof(cast(1 as ${p.type_numeric()}))`, 'DECIMAL(28,6)'],
  [`typeof(cast(1 as ${p.type_float()}))`, 'DOUBLE'],
  [`typeof(cast(1 as ${p.type_string()}))`, 'VARCHAR'],
  [`typeof(cast(1 as ${p.type_bigint()}))`, 'BIGINT'],
  [`typeof(cast(1 as ${p.type_boolean()}))`, 'BOOLEAN'],
  [`typeof(cast(null as ${p.type_date()}))`, 'DATE'],
  [`typeof(cast(null as ${p.type_timestamp()}))`, 'TIMESTAMP'],
])('%s', async (sql, value) => {
  expect((await session.query(`select ${sql}`)).rows).toEqual([[value]]);
});

test.each<[string, Cell]>([
  [p.listagg('s', "','", null, null), 'c,a,b'],
  [p.listagg('s', "', '", 's', null), 'a, b, c'],
  [p.listagg('s', "'-'", 'order by n desc', null), 'b-a-c'],
  [p.listagg('s', "','", 'order by s', 2), 'a,b'],
  [p.listagg('n', "','", 'n', 2), '1,2'],
  [p.listagg('s', "','", 'n desc', 3), 'b,a,c'],
  [p.any_value('1'), 1],
  [p.bool_or('n = 2'), true],
])('%s over rows', async (sql, value) => {
  expect((await session.query(`select ${sql} from t`)).rows).toEqual([[value]]);
});

test('sets and series', async () => {
  expect((await session.query(`select 1 as a union all select 2 ${p.except()} select 2`)).rows).toEqual([[1]]);
  expect((await session.query(`select 1 as a ${p.intersect()} select 1`)).rows).toEqual([[1]]);
  expect(await session.query(`with g as (${p.generate_series(3)}) select * from g`)).toMatchObject({
    columns: [{ name: 'generated_number' }],
    rows: [[1], [2], [3]],
  });
  expect(await session.query(`with g as (${p.date_spine('day', d('2024-02-28'), d('2024-03-01'))}) select * from g`)).toMatchObject({
    columns: [{ name: 'date_day' }],
    rows: [['2024-02-28 00:00:00'], ['2024-02-29 00:00:00']],
  });
  expect((await session.query(p.date_spine('month', d('2024-01-31'), d('2024-03-01')))).rows).toEqual([['2024-01-31 00:00:00'], ['2024-02-29 00:00:00']]);
  expect((await session.query(p.date_spine('hour', ts('2024-01-01 00:00:00'), ts('2024-01-01 00:30:00')))).rows).toEqual([]);
});
