// The SQL of MySQL and MariaDB as people read it in target/: golden text, no server.
import { expect, test } from 'vitest';
import { fillStatement, loosenStatement, parseCreateTableAs, shapeStatement } from './create-table-as.ts';
import { mysqlDialect as d } from './dialect.ts';
import { mysql } from './index.ts';

const orders = { database: null, schema: 'main', identifier: 'orders' };
const fresh = { database: null, schema: 'main', identifier: 'orders__tmp' };
const on = 'DBT_INTERNAL_DEST.`id` = DBT_INTERNAL_SOURCE.`id`';

test('names', () => {
  expect(d.relation(orders)).toBe('`main`.`orders`');
  expect(d.relation({ ...orders, identifier: 'a`b' })).toBe('`main`.`a``b`');
  expect(d.temporary('orders__tmp', orders)).toEqual(fresh);
});

test('tables and views', () => {
  expect(d.createTableAs(orders, 'select 1')).toBe('create table `main`.`orders` as\nselect 1');
  expect(d.createView(orders, 'select 1', { orReplace: true })).toBe('create or replace view `main`.`orders` as\nselect 1');
  expect(d.drop(orders, 'view')).toBe('drop view if exists `main`.`orders`');
  expect(
    d.rename([
      { from: orders, to: { ...orders, identifier: 'b' }, kind: 'table' },
      { from: fresh, to: orders, kind: 'table' },
    ]),
  ).toEqual(['rename table `main`.`orders` to `main`.`b`, `main`.`orders__tmp` to `main`.`orders`']);
});

test('merge', () => {
  expect(d.merge({ target: orders, source: fresh, on, updateColumns: ['total'], insertColumns: ['id', 'total'] })).toEqual([
    `update \`main\`.\`orders\` as DBT_INTERNAL_DEST
join \`main\`.\`orders__tmp\` as DBT_INTERNAL_SOURCE on (DBT_INTERNAL_DEST.\`id\` = DBT_INTERNAL_SOURCE.\`id\`)
set DBT_INTERNAL_DEST.\`total\` = DBT_INTERNAL_SOURCE.\`total\``,
    `insert into \`main\`.\`orders\` (\`id\`, \`total\`)
select DBT_INTERNAL_SOURCE.\`id\`, DBT_INTERNAL_SOURCE.\`total\` from \`main\`.\`orders__tmp\` as DBT_INTERNAL_SOURCE
left join (select t.*, 1 as dwt_found from \`main\`.\`orders\` as t) as DBT_INTERNAL_DEST on (DBT_INTERNAL_DEST.\`id\` = DBT_INTERNAL_SOURCE.\`id\`)
where DBT_INTERNAL_DEST.dwt_found is null`,
  ]);
});

test('a table made of a query has columns that take null and text of any usual length', () => {
  const creation = parseCreateTableAs(d.createTableAs(orders, "select 'a' as v"))!;
  expect(creation).toEqual({ table: '`main`.`orders`', temporary: false, select: "select 'a' as v" });
  expect(shapeStatement(creation)).toBe("create table `main`.`orders` as select * from (\nselect 'a' as v\n) as dwt_shape limit 0");
  expect(fillStatement(creation)).toBe("insert into `main`.`orders`\nselect 'a' as v");
  expect(parseCreateTableAs('create table `main`.`orders` (a int)')).toBeNull();
  const column = { name: 'v', type: 'varchar(1)', collation: 'utf8mb4_nopad_bin', nullable: false, hasDefault: false };
  expect(loosenStatement('`t`', [column], 'utf8mb4_nopad_bin')).toBe(
    'alter table `t` modify column `v` varchar(255) character set utf8mb4 collate utf8mb4_nopad_bin null',
  );
  expect(loosenStatement('`t`', [{ ...column, type: 'int(1)', collation: null, hasDefault: true }], 'x')).toBe('alter table `t` modify column `v` int(1) null');
  expect(loosenStatement('`t`', [{ ...column, type: 'varchar(300)', nullable: true }], 'x')).toBeNull();
  expect(loosenStatement('`t`', [{ ...column, type: 'varchar(300)', nullable: true, collation: 'utf8mb4_0900_ai_ci' }], 'utf8mb4_0900_bin')).toBe(
    'alter table `t` modify column `v` varchar(300) character set utf8mb4 collate utf8mb4_0900_bin null',
  );
});

test.each([
  ['varchar(3)', 'left(cast(x as char), 3)'],
  ['text', 'cast(x as char)'],
  ['bigint', 'cast(x as signed)'],
  ['numeric', 'cast(x as decimal(28,6))'],
  ['decimal(10, 2)', 'cast(x as decimal(10,2))'],
  ['double precision', 'cast(x as double)'],
  ['timestamp', 'cast(x as datetime(6))'],
  ['timestamp(3)', 'cast(x as datetime(3))'],
  ['date', 'cast(x as date)'],
  ['json', "json_extract(x, '$')"],
])('a cast to %s', (type, expected) => {
  expect(d.cast('x', type)).toBe(expected);
});

test.each([
  ['char', 'longtext'],
  ['signed', 'bigint'],
  ['varchar(20)', 'varchar(20)'],
  ['character varying(20)', 'varchar(20)'],
  ['timestamp', 'datetime(6)'],
  ['double precision', 'double'],
  ['numeric', 'decimal(28,6)'],
  ['bytea', 'longblob'],
  ['boolean', 'boolean'],
])('a column of type %s', (type, expected) => {
  expect(d.addColumns(orders, [{ name: 'a', type }])[0]).toMatch(
    new RegExp(`^alter table \`main\`.\`orders\` add column \`a\` ${expected.replace(/[()]/g, '\\$&')}( character set utf8mb4 .*)?$`),
  );
});

test.each([
  ['varchar(10)', 'varchar(20)', 'varchar(20)'],
  ['varchar(10)', 'longtext', 'longtext'],
  ['int(11)', 'bigint', 'bigint'],
  ['bigint(20)', 'int(11)', 'bigint(20)'],
  ['decimal(10,2)', 'decimal(8,4)', 'decimal(12,4)'],
  ['decimal(10,2)', 'int(11)', 'decimal(12,2)'],
  ['datetime', 'datetime(6)', 'datetime(6)'],
  ['tinyint(1)', 'int(11)', null],
  ['date', 'datetime(6)', null],
  ['int(10) unsigned', 'int(11)', null],
  ['int(11)', 'double', 'double'],
  ['bigint(20)', 'double', null],
])('the type that holds %s and %s is %s', (a, b, expected) => {
  expect(d.widerType(a, b)).toBe(expected);
});

test('counting needs no recursion', () => {
  expect(d.generate_series(100)).not.toMatch(/recursive/i);
  expect(d.date_spine('day', "cast('2024-01-01' as date)", "cast('2024-01-05' as date)").match(/straight_join/g)).toBeNull();
  expect(d.date_spine('day', "cast('2009-01-01' as date)", "cast('2030-01-01' as date)").match(/straight_join/g)).toHaveLength(3);
});

test('schema and database are one', () => {
  expect(mysql.defaults({ url: 'mysql://ann:x@db/shop' })).toEqual({ database: null, schema: 'shop', threads: 4 });
  expect(mysql.defaults({ url: 'mysql://ann:x@db/shop', schema: 'mart' }).schema).toBe('mart');
  expect(mysql.defaults({ user: 'ann', database: 'shop', threads: '2' })).toEqual({ database: null, schema: 'shop', threads: 2 });
});
