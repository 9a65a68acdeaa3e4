// Periods and the SQL of partitions as people read it in target/: golden text, no server.
import { describe, expect, test } from 'vitest';
import { duckdb } from './duckdb/index.ts';
import { mysqlDialect } from './mysql/dialect.ts';
import { boundLiteral, periodOf } from './partition.ts';
import { postgresDialect } from './postgres/dialect.ts';

const sales = { database: null, schema: 'main', identifier: 'sales' };
const fresh = { ...sales, identifier: 'sales__dwt_new' };
const like = { ...sales, identifier: 'sales__dwt_tmp' };
const periods = (...names: readonly string[]) => names.map((n) => periodOf(n)!);
const build = '0123abcd';

describe('a period', () => {
  test('has the bounds of its year, month or day', () => {
    expect(periodOf('2024')).toEqual({ name: '2024', from: '2024-01-01', to: '2025-01-01' });
    expect(periodOf('202412')).toEqual({ name: '202412', from: '2024-12-01', to: '2025-01-01' });
    expect(periodOf('20240228')).toEqual({ name: '20240228', from: '2024-02-28', to: '2024-02-29' });
    expect(periodOf('20230228')).toEqual({ name: '20230228', from: '2023-02-28', to: '2023-03-01' });
    expect(periodOf('10000101')).toEqual({ name: '10000101', from: '1000-01-01', to: '1000-01-02' });
    expect(periodOf('9998')).toEqual({ name: '9998', from: '9998-01-01', to: '9999-01-01' });
  });

  test.each(['', '202413', '20230229', '20240100', '0999', '9999', '999912', '-1', '2024-1', '20240', '2024010112', 'null'])('is not %j', (text) => {
    expect(periodOf(text)).toBeNull();
  });

  test('has bounds as a text or as a number', () => {
    expect(boundLiteral('2024-02-01', 'moment')).toBe("'2024-02-01'");
    expect(boundLiteral('2024-02-01', 'int')).toBe('20240201');
  });
});

describe('PostgreSQL', () => {
  const sql = postgresDialect.partitions!;

  test('makes a table with a partition for each period and a default one', () => {
    expect(sql.create(fresh, { like, field: 'Sold', kind: 'moment', periods: periods('202401', '202403'), named: sales, build, unlogged: false })).toEqual([
      'create table "main"."sales__dwt_new" (like "main"."sales__dwt_tmp") partition by range ("Sold")',
      `create table "main"."sales_202401_0123abcd" partition of "main"."sales__dwt_new" for values from ('2024-01-01') to ('2024-02-01');
create table "main"."sales_202403_0123abcd" partition of "main"."sales__dwt_new" for values from ('2024-03-01') to ('2024-04-01');
create table "main"."sales_default_0123abcd" partition of "main"."sales__dwt_new" default`,
    ]);
  });

  test('adds partitions under the digest of the others, cut to what a name may have', () => {
    const long = { ...sales, identifier: `${'é'.repeat(29)}ab` };
    const stands = sql.readStanding([
      ['on', 'sales_2023_0123abcd'],
      ['on', 'sales_default_0123abcd'],
      ['on', 'by_hand'],
    ])!;
    expect(stands).toMatchObject({ field: 'on', granularity: 'year', periods: periods('2023') });
    expect(sql.add(long, stands, periods('2024'), 'int', true)).toEqual([
      `create unlogged table "main"."${'é'.repeat(24)}_2024_0123abcd" (like "main"."${long.identifier}" including defaults including constraints including generated including storage);\n` +
        `alter table "main"."${long.identifier}" attach partition "main"."${'é'.repeat(24)}_2024_0123abcd" for values from (20240101) to (20250101)`,
    ]);
    expect(sql.add(sales, stands, [], 'int', false)).toEqual([]);
  });

  test('knows its own partitions, the field of its types and its periods', () => {
    expect(sql.readStanding([])).toBeNull();
    expect(sql.readStanding([['on', 'sales_2024']])).toBeNull();
    expect(sql.readStanding([['on', 'sales_default_0123abcd']])).toMatchObject({ granularity: null, periods: [] });
    const types = ['date', 'timestamp without time zone', 'timestamp with time zone', 'integer', 'bigint', 'numeric(8,0)', 'text'];
    expect(types.map((t) => sql.fieldKind(t))).toEqual(['moment', 'moment', 'moment', 'int', 'int', null, null]);
    expect(sql.periods(like, 'on', 'moment', 'month')).toBe(`select distinct to_char("on", 'YYYYMM') from "main"."sales__dwt_tmp" where "on" is not null`);
    expect(sql.periods(like, 'on', 'int', 'year')).toBe(`select distinct ("on" / 10000)::text from "main"."sales__dwt_tmp" where "on" is not null`);
  });
});

describe('MySQL', () => {
  const sql = mysqlDialect.partitions!;

  test('makes a table with a partition for each period, one before and one after them', () => {
    expect(sql.create(fresh, { like, field: 'Sold', kind: 'moment', periods: periods('202401', '202403'), named: sales, build, unlogged: true })).toEqual([
      'create table `main`.`sales__dwt_new` like `main`.`sales__dwt_tmp`',
      `alter table \`main\`.\`sales__dwt_new\` partition by range columns (\`Sold\`) (
  partition \`pmin\` values less than ('1000-01-01'),
  partition \`p202401\` values less than ('2024-02-01'),
  partition \`p202403\` values less than ('2024-04-01'),
  partition \`pmax\` values less than (maxvalue)
)`,
    ]);
  });

  test('splits new periods off the partitions that they would lie in, bounds in order', () => {
    const stands = sql.readStanding(['pmin', 'p202401', 'p202404', 'pmax'].map((name) => ['`a``b`', name]))!;
    expect(stands).toMatchObject({ field: 'a`b', granularity: 'month' });
    expect(sql.add(sales, stands, periods('202311', '202402', '202403', '202406'), 'int', false)).toEqual([
      'alter table `main`.`sales` reorganize partition `p202401` into (\n  partition `p202311` values less than (20231201),\n  partition `p202401` values less than (20240201)\n)',
      'alter table `main`.`sales` reorganize partition `p202404` into (\n  partition `p202402` values less than (20240301),\n  partition `p202403` values less than (20240401),\n  partition `p202404` values less than (20240501)\n)',
      'alter table `main`.`sales` reorganize partition `pmax` into (\n  partition `p202406` values less than (20240701),\n  partition `pmax` values less than (maxvalue)\n)',
    ]);
    const empty = sql.readStanding(['pmin', 'pmax'].map((name) => ['`on`', name]))!;
    expect(sql.add(sales, empty, periods('2024'), 'moment', false)).toEqual([
      "alter table `main`.`sales` reorganize partition `pmax` into (\n  partition `p2024` values less than ('2025-01-01'),\n  partition `pmax` values less than (maxvalue)\n)",
    ]);
    expect(sql.add(sales, stands, [], 'moment', false)).toEqual([]);
  });

  test('knows its own partitions, the field of its types and its periods', () => {
    expect(sql.readStanding([])).toBeNull();
    expect(sql.readStanding(['p2023', 'p2024', 'pmax'].map((name) => ['`on`', name]))).toBeNull();
    expect(sql.readStanding(['pmin', 'by_hand', 'pmax'].map((name) => ['`on`', name]))).toBeNull();
    const types = ['date', 'datetime(6)', 'timestamp', 'int(11)', 'bigint', 'decimal(8,0)', 'varchar(20)'];
    expect(types.map((t) => sql.fieldKind(t))).toEqual(['moment', 'moment', null, 'int', 'int', null, null]);
    expect(sql.periods(like, 'on', 'moment', 'day')).toBe("select distinct date_format(`on`, '%Y%m%d') from `main`.`sales__dwt_tmp` where `on` is not null");
    expect(sql.periods(like, 'on', 'int', 'month')).toBe('select distinct cast(`on` div 100 as char) from `main`.`sales__dwt_tmp` where `on` is not null');
  });
});

test('DuckDB has no partitions', () => {
  expect([duckdb.capabilities.partitions, duckdb.dialect.partitions]).toEqual([false, null]);
});
