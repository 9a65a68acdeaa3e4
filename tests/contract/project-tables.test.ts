// A project's seeds, views, tables, ephemeral models and a materialization of its own: the same rows on every engine, again
// on a second run, and across changes of kind. Names that need quoting, schemas, indexes, comments, portable macros.
import { expect, test } from 'vitest';
import { onEveryProject, type Row } from './project.ts';

const LONG = `a_name_of_sixty_characters_${'x'.repeat(33)}`;

const FILES = {
  'seeds/orders.csv':
    'id,customer,amount,placed_on,paid,note\n1,ann,10.50,2024-01-01,true,"a,b"\n2,bob,20.25,2024-01-31,false,\n3,ann,30.00,2024-02-29,true,""\n',
  'seeds/Order Details.csv': 'Order Id,select,größe,it\'s\n1,x,9007199254740993,"say ""hi"""\n2,,-1,näh 😀\n',
  'seeds/nothing.csv': 'id,name\n',
  'seeds/_seeds.yml': 'version: 2\nseeds:\n  - name: orders\n    config: {column_types: {amount: "decimal(10,2)"}}\n',
  'models/stg_orders.sql': "{{ config(materialized='view') }}\nselect id, customer, amount, placed_on, paid, note from {{ ref('orders') }}\n",
  'models/anns.sql': "{{ config(materialized='ephemeral') }}\nselect * from {{ ref('stg_orders') }} where customer = 'ann'",
  'models/totals.sql':
    "{{ config(materialized='table') }}\nselect customer, sum(amount) as total, count(*) as orders from {{ ref('stg_orders') }} group by customer -- the end",
  'models/over_totals.sql': "select customer, total from {{ ref('totals') }} where orders > 1",
  'models/ann_totals.sql': "{{ config(materialized='table') }}\nwith a as (select * from {{ ref('anns') }}) select count(*) as n, sum(amount) as total from a",
  'models/details.sql':
    "{{ config(materialized='table', alias='Order Details 2') }}\nselect {{ adapter.quote('Order Id') }} as {{ adapter.quote('table') }}, {{ adapter.quote('größe') }}, {{ adapter.quote(\"it's\") }} from {{ ref('Order Details') }}",
  'models/unicode.sql': "{{ config(alias='größe_表') }}\nselect count(*) as n from {{ ref('details') }}",
  [`models/${LONG}.sql`]: "{{ config(materialized='table') }}\nselect 1 as id union all select 2",
  'models/reads_long.sql': `select count(*) as n from {{ ref('${LONG}') }}`,
  'models/none.sql': "{{ config(materialized='table') }}\nselect id, customer, amount from {{ ref('orders') }} where 1 = 0",
  'models/extra.sql': "{{ config(materialized='table', schema='extra') }}\nselect id, amount from {{ ref('stg_orders') }}",
  'models/indexed.sql':
    "{{ config(materialized='table', indexes=[{'columns': ['id'], 'unique': true}, {'columns': ['customer', 'amount']}], persist_docs={'relation': true, 'columns': true}) }}\nselect id, customer, amount from {{ ref('orders') }}",
  'models/_models.yml':
    'version: 2\nmodels:\n  - name: indexed\n    description: "An order\'s line"\n    columns:\n      - name: id\n        description: It\'s the key\n      - name: amount\n        description: 100 % of it\n',
  'models/portable.sql': `{{ config(materialized='table') }}
select
  id,
  {{ dbt.dateadd('month', 1, 'placed_on') }} as month_later,
  {{ dbt.datediff("cast('2024-01-01' as date)", 'placed_on', 'day') }} as days,
  cast({{ dbt.date_trunc('month', 'placed_on') }} as date) as first_day,
  {{ dbt.last_day('placed_on', 'month') }} as month_end,
  {{ dbt.concat(['customer', "'-'", 'note']) }} as joined,
  {{ dbt.split_part("'a|b|c'", "'|'", 2) }} as part,
  {{ dbt.safe_cast("note", api.Column.translate_type('integer')) }} as no_number,
  {{ dbt.hash('customer') }} as hashed,
  {{ dbt.cast_bool_to_text('paid') }} as paid_text,
  {{ dbt.position("'n'", 'customer') }} as at,
  {{ dbt.right('customer', 2) }} as ending
from {{ ref('stg_orders') }}`,
  'models/listed.sql':
    "{{ config(materialized='table') }}\nselect {{ dbt.listagg('customer', \"', '\", 'order by id') }} as customers, {{ dbt.bool_or('paid') }} as any_paid from {{ ref('stg_orders') }}",
  'models/stamped.sql': "{{ config(materialized='stamped') }}\nselect id from {{ ref('orders') }}",
  'macros/stamped.sql': `{% materialization stamped, default %}
  {%- set old = adapter.get_relation(database=this.database, schema=this.schema, identifier=this.identifier) -%}
  {%- if old is not none -%}{% do adapter.drop_relation(old) %}{%- endif -%}
  {% call statement('main') %}{{ create_table_as(false, this, 'select *, ' ~ dbt.string_literal(invocation_args_dict is defined) ~ ' as stamp from (' ~ sql ~ ') as q') }}{% endcall %}
  {{ return({'relations': [this.incorporate(type='table')]}) }}
{% endmaterialization %}`,
};

const QUERIES = {
  seed: "select * from {{ ref('orders') }}",
  counts:
    "select t.total as a, o.total as b, a.n, a.total as c, u.n as d, r.n as e, (select count(*) from {{ ref('none') }}) as f, (select count(*) from {{ ref('nothing') }}) as g, (select sum(amount) from {{ ref('extra') }}) as h from {{ ref('totals') }} t join {{ ref('over_totals') }} o on o.customer = t.customer cross join {{ ref('ann_totals') }} a cross join {{ ref('unicode') }} u cross join {{ ref('reads_long') }} r",
  details: "select * from {{ ref('details') }}",
  portable: "select * from {{ ref('portable') }}",
  listed:
    "select l.*, s.stamp, (select count(*) from {{ ref('indexed') }}) as n from {{ ref('listed') }} l cross join (select max(stamp) as stamp from {{ ref('stamped') }}) s",
};

const EXPECTED: Readonly<Record<keyof typeof QUERIES, readonly Row[]>> = {
  seed: [
    { id: 1, customer: 'ann', amount: 10.5, placed_on: '2024-01-01', paid: 1, note: 'a,b' },
    { id: 2, customer: 'bob', amount: 20.25, placed_on: '2024-01-31', paid: 0, note: null },
    { id: 3, customer: 'ann', amount: 30, placed_on: '2024-02-29', paid: 1, note: '' },
  ],
  counts: [{ a: 40.5, b: 40.5, n: 2, c: 40.5, d: 2, e: 2, f: 0, g: 0, h: 60.75 }],
  details: [
    { table: 1, größe: '9007199254740993', "it's": 'say "hi"' },
    { table: 2, größe: -1, "it's": 'näh 😀' },
  ],
  portable: [
    {
      id: 1,
      month_later: '2024-02-01',
      days: 0,
      first_day: '2024-01-01',
      month_end: '2024-01-31',
      joined: 'ann-a,b',
      part: 'b',
      no_number: null,
      hashed: '7e0d7f8a5d96c24ffcc840f31bce72b2',
      paid_text: 'true',
      at: 2,
      ending: 'nn',
    },
    {
      id: 2,
      month_later: '2024-02-29',
      days: 30,
      first_day: '2024-01-01',
      month_end: '2024-01-31',
      joined: null,
      part: 'b',
      no_number: null,
      hashed: '9f9d51bc70ef21ca5c14f307980a29d8',
      paid_text: 'false',
      at: 0,
      ending: 'ob',
    },
    {
      id: 3,
      month_later: '2024-03-29',
      days: 59,
      first_day: '2024-02-01',
      month_end: '2024-02-29',
      joined: 'ann-',
      part: 'b',
      no_number: null,
      hashed: '7e0d7f8a5d96c24ffcc840f31bce72b2',
      paid_text: 'true',
      at: 2,
      ending: 'nn',
    },
  ],
  listed: [{ customers: 'ann, bob, ann', any_paid: 1, stamp: 'True', n: 3 }],
};

onEveryProject('seeds, views and tables', FILES, (p) => {
  const holds = async (): Promise<void> => {
    expect(await p.read(QUERIES)).toEqual(EXPECTED);
  };
  const names = [
    'Order Details',
    'Order Details 2',
    LONG,
    'ann_totals',
    'details',
    'größe_表',
    'indexed',
    'listed',
    'none',
    'nothing',
    'orders',
    'over_totals',
    'portable',
    'reads_long',
    'stamped',
    'stg_orders',
    'totals',
  ].filter((n) => n !== 'details');

  test('a first and a second build', async () => {
    await p.good('build');
    await holds();
    expect(await p.relations()).toEqual(names.toSorted());
    await p.good('build', '--threads', '4');
    await holds();
    expect(await p.relations()).toEqual(names.toSorted());
  });

  test('comments and indexes are there', async () => {
    const found = await p.beside(async (s) => {
      const one = async (sql: string): Promise<unknown[]> => (await s.query(sql)).rows.map((r) => (r.length === 1 ? r[0] : r));
      switch (p.engine) {
        case 'duckdb':
          return [
            await one("select comment from duckdb_tables() where table_name = 'indexed'"),
            await one("select comment from duckdb_columns() where table_name = 'indexed' and comment is not null order by column_index"),
            await one("select is_unique from duckdb_indexes() where table_name = 'indexed' order by 1"),
          ];
        case 'postgres':
          return [
            await one("select obj_description('indexed'::regclass)"),
            await one(
              "select col_description('indexed'::regclass, attnum) from pg_attribute where attrelid = 'indexed'::regclass and attnum in (1, 3) order by attnum",
            ),
            await one("select indisunique from pg_index where indrelid = 'indexed'::regclass order by 1"),
          ];
        case 'mysql':
          return [
            await one("select table_comment from information_schema.tables where table_schema = database() and table_name = 'indexed'"),
            await one(
              "select column_comment from information_schema.columns where table_schema = database() and table_name = 'indexed' and column_comment <> '' order by ordinal_position",
            ),
            await one(
              "select not non_unique from information_schema.statistics where table_schema = database() and table_name = 'indexed' and seq_in_index = 1 order by 1",
            ),
          ];
      }
    });
    expect(found.map((l) => l.map((c) => (c === 1 ? true : c === 0 ? false : c)))).toEqual([
      ["An order's line"],
      ["It's the key", '100 % of it'],
      [false, true],
    ]);
  });

  test('kinds change both ways, and what reads them lives on or is built again', async () => {
    const [view, table] = [FILES['models/stg_orders.sql'], FILES['models/totals.sql']];
    p.write({ 'models/stg_orders.sql': view.replace("'view'", "'table'"), 'models/totals.sql': table.replace("'table'", "'view'") });
    await p.good('build');
    await holds();
    p.write({ 'models/stg_orders.sql': view.replace("'view'", "'incremental'"), 'models/totals.sql': table.replace("'table'", "'incremental'") });
    await p.good('build', '--full-refresh');
    await holds();
    p.write({ 'models/stg_orders.sql': view, 'models/totals.sql': table });
    await p.good('build');
    await holds();
    expect(await p.relations()).toEqual(names.toSorted());
  });

  test('views over a table that is built again alone live on, with what was granted and said', async () => {
    const view = (name: string): string => p.dialect.relation({ database: p.database, schema: p.schema, identifier: name });
    await p.beside(async (s) => {
      await s.run(`create view ${view('mine')} as select customer, total from ${view('totals')}`);
      await s.run(`create view ${view('mine too')} as select count(*) as n from ${view('mine')}`);
      if (p.engine !== 'postgres') return;
      await s.run(`grant select on ${view('mine')} to public`);
      await s.run(`comment on view ${view('mine too')} is 'How many'`);
      await s.run(`create view ${view('of orders')} as select orders from ${view('totals')}`);
    });
    await p.good('run', '--select', 'totals');
    await p.good('run', '--select', 'totals', 'ann_totals', 'stg_orders', '--threads', '4');
    expect(await p.beside(async (s) => (await s.query(`select count(*) from ${view('mine')}`)).rows)).toEqual([[2]]);
    expect(await p.beside(async (s) => (await s.query(`select n from ${view('mine too')}`)).rows)).toEqual([[2]]);
    if (p.engine === 'postgres') {
      const said = "select obj_description('\"mine too\"'::regclass), has_table_privilege('public', 'mine', 'select')";
      expect(await p.beside(async (s) => (await s.query(said)).rows)).toEqual([['How many', true]]);
      // A view that no longer fits goes, as with CASCADE.
      p.write({ 'models/totals.sql': FILES['models/totals.sql'].replace('as orders', 'as orders_made') });
      await p.good('run', '--select', 'totals');
      expect(await p.relations()).not.toContain('of orders');
      p.write({ 'models/totals.sql': FILES['models/totals.sql'] });
      await p.good('run', '--select', 'totals');
    }
    await p.beside(async (s) => {
      await s.run(p.dialect.drop({ database: p.database, schema: p.schema, identifier: 'mine too' }, 'view'));
      await s.run(p.dialect.drop({ database: p.database, schema: p.schema, identifier: 'mine' }, 'view'));
    });
  });

  test('tables that one view reads are made anew side by side, again and again', async () => {
    const names = [1, 2, 3, 4, 5, 6].map((n) => `beside_${n}`);
    const from = names.map((n) => `select id from {{ ref('${n}') }}`).join(' union all ');
    p.write(Object.fromEntries(names.map((n, i) => [`models/${n}.sql`, `{{ config(materialized='table') }} select ${i} as id`])));
    p.write({
      'models/reads_beside.sql': `{{ config(materialized='view') }} ${from}`,
      'models/over_beside.sql': "{{ config(materialized='view') }} select count(*) as n from {{ ref('reads_beside') }}",
    });
    await p.good('run', '--select', '*beside*', '--threads', '8');
    // Once the views are not among what is built, so that they are put back.
    for (let n = 0; n < 4; n++) await p.good('run', '--select', 'beside_*', '--threads', '8');
    await p.good('run', '--select', '*beside*', '--threads', '8');
    expect(await p.rows("select n from {{ ref('over_beside') }}")).toEqual([{ n: 6 }]);
    p.write(Object.fromEntries([...names, 'reads_beside', 'over_beside'].map((n) => [`models/${n}.sql`, null])));
  });

  test('views outlive what is done to the table that they read', async () => {
    const facts = (columns: string, config = ''): string =>
      `{{ config(materialized='incremental', unique_key='id', on_schema_change='sync_all_columns'${config}) }} select ${columns}`;
    const wide = p.engine === 'postgres' ? 'bigint' : p.engine === 'mysql' ? 'signed' : 'bigint';
    const narrow = p.engine === 'mysql' ? '1' : 'cast(1 as integer)';
    p.write({
      'models/grows.sql': facts(`${narrow} as id, 'x' as gone`),
      'models/base.sql': "{{ config(materialized='table') }} select 1 as id",
      'models/broken.sql': '-- {{ ref("base") }}\nselect no_such_column as id',
      'models/after_broken.sql': "{{ config(materialized='view') }} select id from {{ source('here', 'base') }} -- {{ ref('broken') }}",
      'models/_here.yml': `sources: [{name: here, schema: "{{ target.schema }}", tables: [{name: base}]}]\n`,
    });
    const at = (identifier: string): string => p.dialect.relation({ database: p.database, schema: p.schema, identifier });
    await p.good('run', '--select', 'grows', 'base');
    await p.beside(async (s) => {
      await s.run(`create view ${at('of_grows')} as select id from ${at('grows')}`);
      await s.run(`create view ${at('after_broken')} as select id from ${at('base')}`);
    });
    p.write({ 'models/grows.sql': facts(`cast(9 as ${wide}) as id`) });
    await p.good('run', '--select', 'grows');
    expect(await p.rows(`select id from ${at('of_grows')} order by id`)).toEqual([{ id: 1 }, { id: 9 }]);
    // It is to be built again, and never is.
    await p.bad('run', '--select', 'base', 'broken', 'after_broken');
    expect(await p.rows(`select id from ${at('after_broken')}`)).toEqual([{ id: 1 }]);
    await p.beside(async (s) => {
      for (const identifier of ['of_grows', 'after_broken']) await s.run(p.dialect.drop({ database: p.database, schema: p.schema, identifier }, 'view'));
    });
    p.write(Object.fromEntries(['grows', 'base', 'broken', 'after_broken'].map((n) => [`models/${n}.sql`, null])));
    p.write({ 'models/_here.yml': null });
  });

  test('a semicolon in a text stays', async () => {
    p.write({ 'models/semicolon.sql': "{{ config(materialized='table') }} select 'a;--b' as x; -- the end;" });
    await p.good('run', '--select', 'semicolon');
    expect(await p.rows("select x from {{ ref('semicolon') }}")).toEqual([{ x: 'a;--b' }]);
    p.write({ 'models/semicolon.sql': null });
  });

  test('names of a seed are found without quotes', async () => {
    p.write({ 'seeds/capitals.csv': 'Id,Full Name\n1,Ann\n', 'models/of_capitals.sql': `select Id from {{ ref('capitals') }}` });
    await p.good('build', '--select', 'capitals+');
    expect(await p.rows("select * from {{ ref('capitals') }}")).toEqual([{ [p.engine === 'postgres' ? 'id' : 'Id']: 1, 'Full Name': 'Ann' }]);
    p.write({ 'seeds/_capitals.yml': 'seeds: [{name: capitals, config: {quote_columns: true}}]\n', 'models/of_capitals.sql': null });
    await p.good('seed', '--select', 'capitals', '--full-refresh');
    expect(await p.rows("select * from {{ ref('capitals') }}")).toEqual([{ Id: 1, 'Full Name': 'Ann' }]);
    p.write({ 'seeds/capitals.csv': null, 'seeds/_capitals.yml': null });
  });

  test('a name that the engine would cut is refused with advice', async () => {
    if (p.can.maxIdentifier.size > 100) return;
    const name = 'n'.repeat(p.can.maxIdentifier.size + 1);
    p.write({ 'models/long.sql': `{{ config(alias='${name}') }} select 1 as a` });
    const { stderr, stdout } = await p.bad('run', '--select', 'long');
    expect(stderr + stdout).toMatch(/has 6[45] (bytes|characters)[\s\S]*alias/);
    p.write({ 'models/long.sql': null });
  });
});
