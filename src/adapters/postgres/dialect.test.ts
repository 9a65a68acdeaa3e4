// The SQL of PostgreSQL as people read it in target/: golden text, no server.
import { expect, test } from 'vitest';
import { createPostgresDialect, postgresDialect as d } from './dialect.ts';
import { postgres } from './index.ts';

const orders = { database: 'shop', schema: 'main', identifier: 'orders' };
const fresh = { database: null, schema: 'pg_temp', identifier: 'orders__tmp' };
const on = 'DBT_INTERNAL_DEST."id" = DBT_INTERNAL_SOURCE."id"';

test('names', () => {
  expect(d.relation(orders)).toBe('"shop"."main"."orders"');
  expect(d.relation({ database: null, schema: 'a"b', identifier: 'Order Details' })).toBe('"a""b"."Order Details"');
  expect(d.temporary('orders__tmp', orders)).toEqual(fresh);
  expect(d.stringLiteral("it's \\ so")).toBe("'it''s \\ so'");
});

test('tables and views', () => {
  expect(d.createTableAs(orders, 'select 1')).toBe('create table "shop"."main"."orders" as\nselect 1');
  expect(d.createTableAs(fresh, 'select 1', { temporary: true })).toBe('create temporary table "pg_temp"."orders__tmp" as\nselect 1');
  expect(d.createTableAs(orders, 'select 1', { unlogged: true })).toBe('create unlogged table "shop"."main"."orders" as\nselect 1');
  expect(d.createView(orders, 'select 1')).toBe('create view "shop"."main"."orders" as\nselect 1');
  expect(d.drop(orders, 'materialized_view')).toBe('drop materialized view if exists "shop"."main"."orders" cascade');
  expect(d.rename([{ from: orders, to: { ...orders, identifier: 'orders__backup' }, kind: 'table' }])).toEqual([
    'alter table "shop"."main"."orders" rename to "orders__backup"',
  ]);
  expect(d.rename([{ from: orders, to: { ...orders, schema: 'other' }, kind: 'view' }])).toEqual(['alter view "shop"."main"."orders" set schema "other"']);
});

test('merge', () => {
  const m = { target: orders, source: fresh, on, updateColumns: ['total'], insertColumns: ['id', 'total'] };
  expect(d.merge(m)).toEqual([
    `merge into "shop"."main"."orders" as DBT_INTERNAL_DEST
using "pg_temp"."orders__tmp" as DBT_INTERNAL_SOURCE
on (DBT_INTERNAL_DEST."id" = DBT_INTERNAL_SOURCE."id")
when matched then update set
  "total" = DBT_INTERNAL_SOURCE."total"
when not matched then insert ("id", "total")
  values (DBT_INTERNAL_SOURCE."id", DBT_INTERNAL_SOURCE."total")`,
  ]);
  expect(createPostgresDialect(14).merge(m)).toEqual([
    `update "shop"."main"."orders" as DBT_INTERNAL_DEST set
  "total" = DBT_INTERNAL_SOURCE."total"
from "pg_temp"."orders__tmp" as DBT_INTERNAL_SOURCE
where (DBT_INTERNAL_DEST."id" = DBT_INTERNAL_SOURCE."id")`,
    `insert into "shop"."main"."orders" ("id", "total")
select DBT_INTERNAL_SOURCE."id", DBT_INTERNAL_SOURCE."total" from "pg_temp"."orders__tmp" as DBT_INTERNAL_SOURCE
where not exists (
  select 1 from "shop"."main"."orders" as DBT_INTERNAL_DEST
  where (DBT_INTERNAL_DEST."id" = DBT_INTERNAL_SOURCE."id")
)`,
  ]);
});

test('changes of a table', () => {
  expect(
    d.addColumns(orders, [
      { name: 'a', type: 'double' },
      { name: 'b', type: 'varchar(5)' },
    ]),
  ).toEqual(['alter table "shop"."main"."orders" add column "a" double precision, add column "b" varchar(5)']);
  expect(d.alterColumnType(orders, 'a', 'bigint')).toEqual(['alter table "shop"."main"."orders" alter column "a" type bigint using cast("a" as bigint)']);
  expect(d.createIndex(orders, { columns: ['a', 'b'], unique: true, type: 'btree' })).toBe(
    'create unique index on "shop"."main"."orders" using btree ("a", "b")',
  );
  expect(d.commentColumns(orders, 'table', { a: "it's" })).toEqual([`comment on column "shop"."main"."orders"."a" is 'it''s'`]);
  expect(d.grants?.give(orders, 'select', ['reader', 'PUBLIC'])).toBe('grant select on "shop"."main"."orders" to "reader", public');
});

test.each([
  ['character varying(10)', 'character varying(20)', 'character varying(20)'],
  ['character varying(10)', 'text', 'text'],
  ['text', 'text', 'text'],
  ['integer', 'bigint', 'bigint'],
  ['smallint', 'smallint', 'smallint'],
  ['numeric(10,2)', 'numeric(8,4)', 'numeric(12,4)'],
  ['numeric(4,2)', 'integer', 'numeric(12,2)'],
  ['numeric(10,2)', 'numeric', 'numeric'],
  ['real', 'double precision', 'double precision'],
  ['timestamp without time zone', 'timestamp without time zone', 'timestamp without time zone'],
  ['date', 'timestamp without time zone', null],
  ['text', 'integer', null],
  ['bigint', 'double precision', null],
  ['integer', 'double precision', 'double precision'],
])('the type that holds %s and %s is %s', (a, b, expected) => {
  expect(d.widerType(a, b)).toBe(expected);
});

test('defaults come from the URL or the parts', () => {
  expect(postgres.defaults({ url: 'postgres://ann:p%40ss@db.example:5433/shop?sslmode=require' })).toEqual({ database: 'shop', schema: 'public', threads: 4 });
  expect(postgres.defaults({ url: 'postgres://ann@db/shop', dbname: 'other', schema: 'mart', threads: 8 })).toEqual({
    database: 'other',
    schema: 'mart',
    threads: 8,
  });
  expect(postgres.defaults({ user: 'ann' })).toEqual({ database: 'ann', schema: 'public', threads: 4 });
});
