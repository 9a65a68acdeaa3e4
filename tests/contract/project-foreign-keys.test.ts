// Foreign keys: those of the configuration, made and brought in line, and those that other tables have to what is replaced. DuckDB has
// none that can be added to a table: there everything is built, and no key is made.
import { expect, test } from 'vitest';
import { onEveryProject, type Ran } from './project.ts';

const parent = (rows: string, more = ''): string =>
  `{{ config(materialized='table', indexes=[{'columns': ['id'], 'unique': true}, {'columns': ['id', 'Part of'], 'unique': true}]${more}) }}\n${rows}`;
const row = (id: number, name = 'n'): string => `select ${id} as id, ${id} as {{ adapter.quote('Part of') }}, '${name}' as name`;
const fact = (keys: string, rows = "select {{ var('step', 1) }} as line, 1 as customer_id, 1 as part, 2 as product_id"): string =>
  `{{ config(materialized='incremental', unique_key='line', foreign_keys=[${keys}]) }}\n${rows}`;
const CUSTOMER = "{'columns': ['customer_id'], 'to': ref('customers'), 'to_columns': ['id']}";
const PRODUCT = "{'columns': ['product_id'], 'to': \"ref('products')\", 'to_columns': ['id']}";

const FILES = {
  'models/customers.sql': parent(row(1)),
  'models/products.sql': parent(`${row(1)} union all ${row(2)}`),
  'models/sales.sql': fact(`${CUSTOMER}, ${PRODUCT}`),
  'models/Order Lines.sql': "{{ config(materialized='table') }}\nselect 1 as {{ adapter.quote('Customer No') }}, 1 as {{ adapter.quote('Part of') }}",
  'models/_lines.yml':
    'models:\n  - name: Order Lines\n    config:\n      foreign_keys: [{columns: [Customer No, Part of], to: "{{ ref(\'customers\') }}", to_columns: [id, Part of]}]\n',
  'seeds/codes.csv': 'code,name\n1,a\n2,b\n',
  'seeds/_seeds.yml': 'seeds:\n  - name: codes\n    config: {indexes: [{columns: [code], unique: true}]}\n',
};

onEveryProject('foreign keys', FILES, (p) => {
  const said = (ran: Ran): string => ran.stdout + ran.stderr;
  const table = (name: string): string => p.dialect.relation({ database: p.database, schema: p.schema, identifier: name });
  /** Every foreign key of the schema, as `table (columns) > table (columns)`; nothing where the engine has none. */
  const keys = async (): Promise<readonly string[]> => {
    const { foreignKeys } = p.dialect;
    if (foreignKeys === null) return [];
    const names = await p.relations();
    return p.beside(async (s) => {
      const found: string[] = [];
      for (const identifier of names) {
        const { rows } = await s.query(foreignKeys.of({ database: p.database, schema: p.schema, identifier }));
        for (const [name, , from, columns, , to, toColumns] of rows)
          found.push(`${String(name).startsWith('dwt_fk_') ? '' : `${String(name)}: `}${String(from)} ${String(columns)} > ${String(to)} ${String(toColumns)}`);
      }
      return found.toSorted();
    });
  };
  const where = (...expected: readonly string[]): readonly string[] => (p.can.foreignKeys ? expected : []);
  const step = async (n: number, ...more: readonly string[]): Promise<Ran> => p.good('build', '--vars', `{step: ${n}}`, ...more);
  const ORDER_LINES = 'Order Lines ["Customer No", "Part of"] > customers ["id", "Part of"]';
  const same = (a: readonly string[]): readonly string[] => a.map((k) => k.replaceAll('","', '", "'));

  test('are made with the table, after what they point to, as a text or by ref(), of several columns, with names that need quoting', async () => {
    await step(1, '--threads', '4');
    expect(same(await keys())).toEqual(where(ORDER_LINES, 'sales ["customer_id"] > customers ["id"]', 'sales ["product_id"] > products ["id"]'));
  });

  test('hold: the engine refuses a row that points to nothing', async () => {
    const insert = `insert into ${table('sales')} (line, customer_id, part, product_id) values (100, 99, 1, 1)`;
    const refused = await p.beside((s) =>
      s.run(insert).then(
        () => false,
        () => true,
      ),
    );
    expect(refused).toBe(p.can.foreignKeys);
    if (!refused) await p.beside((s) => s.run(`delete from ${table('sales')} where line = 100`));
  });

  test('outlive that what they point to is replaced, and stay themselves when nothing changes', async () => {
    for (const n of [2, 3]) await step(n, '--threads', '4');
    expect(same(await keys())).toEqual(where(ORDER_LINES, 'sales ["customer_id"] > customers ["id"]', 'sales ["product_id"] > products ["id"]'));
    expect(await p.rows("select line from {{ ref('sales') }}")).toEqual([{ line: 1 }, { line: 2 }, { line: 3 }]);
    expect((await p.relations()).filter((n) => n.includes('__dwt'))).toEqual([]);
  });

  test('that cannot be put back are gone with a word, and the table they belong to tells what is missing', async () => {
    p.write({ 'models/customers.sql': parent(row(7)) });
    const ran = await p.good('run', '--select', 'customers');
    if (p.can.foreignKeys) expect(said(ran)).toMatch(/The foreign key 'dwt_fk_\w+' of \S+sales\S+ \(customer_id\) to model 'customers' is gone: /);
    expect(same(await keys())).toEqual(where('sales ["product_id"] > products ["id"]'));
    if (p.can.foreignKeys) {
      const failed = await p.bad('run', '--select', 'sales');
      expect(failed.stderr).toMatch(/The foreign key \(customer_id\) of model 'sales' cannot be made: /);
      expect(failed.stderr).toMatch(/models\/sales\.sql:1:\d+/);
      expect(failed.stderr).toMatch(/customer_id\)?\)? ?= ?\(?1/);
    }
    p.write({ 'models/customers.sql': parent(row(1)) });
    await step(4);
    expect(same(await keys())).toEqual(where(ORDER_LINES, 'sales ["customer_id"] > customers ["id"]', 'sales ["product_id"] > products ["id"]'));
  });

  test('of a table that is built anew: where they do not hold, the old table stays', async () => {
    p.write({ 'models/Order Lines.sql': FILES['models/Order Lines.sql'].replace('select 1 as', 'select 5 as') });
    if (p.can.foreignKeys) await p.bad('run', '--select', 'Order?Lines');
    else await p.good('run', '--select', 'Order?Lines');
    expect(await p.rows("select {{ adapter.quote('Customer No') }} as n from {{ ref('Order Lines') }}")).toEqual([{ n: p.can.foreignKeys ? 1 : 5 }]);
    p.write({ 'models/Order Lines.sql': FILES['models/Order Lines.sql'] });
    expect((await p.relations()).filter((n) => n.includes('__dwt'))).toEqual([]);
  });

  test('come and go with the configuration while the table stays; one of somebody else stays too', async () => {
    if (p.can.foreignKeys)
      await p.beside((s) => s.run(`alter table ${table('sales')} add constraint mine foreign key (part) references ${table('products')} (id)`));
    p.write({ 'models/sales.sql': fact(PRODUCT) });
    await step(5);
    expect(same(await keys())).toEqual(where(ORDER_LINES, 'mine: sales ["part"] > products ["id"]', 'sales ["product_id"] > products ["id"]'));
    p.write({ 'models/sales.sql': fact(CUSTOMER) });
    await step(6);
    expect(same(await keys())).toEqual(where(ORDER_LINES, 'mine: sales ["part"] > products ["id"]', 'sales ["customer_id"] > customers ["id"]'));
    await step(7, '--full-refresh');
    expect(same(await keys())).toEqual(where(ORDER_LINES, 'sales ["customer_id"] > customers ["id"]'));
  });

  test('that go while what they point to is replaced at the same time stay away', async () => {
    const slow = `, pre_hook="{% if target.type == 'postgres' %}select pg_sleep(1){% elif target.type == 'mysql' %}do sleep(1){% endif %}"`;
    p.write({ 'models/sales.sql': fact(`${CUSTOMER}, ${PRODUCT}`) });
    await step(7);
    p.write({ 'models/sales.sql': fact(CUSTOMER), 'models/products.sql': parent(`${row(1)} union all ${row(2)}`, slow) });
    await step(8, '--threads', '4');
    expect(same(await keys())).toEqual(where(ORDER_LINES, 'sales ["customer_id"] > customers ["id"]'));
    p.write({ 'models/products.sql': FILES['models/products.sql'] });
  });

  test('to a seed outlive its next load', async () => {
    p.write({
      'models/coded.sql':
        "{{ config(materialized='incremental', foreign_keys=[{'columns': ['code'], 'to': ref('codes')}]) }}\nselect code from {{ ref('codes') }} where false",
    });
    await step(8);
    for (const more of [[], ['--full-refresh']]) {
      await p.good('seed', ...more);
      if (p.can.foreignKeys) expect(same(await keys())).toContain('coded ["code"] > codes ["code"]');
    }
    expect(await p.rows("select code from {{ ref('codes') }}")).toEqual([{ code: 1 }, { code: 2 }]);
  });

  test('that somebody made by hooks outlive it too, with the unique key that a hook makes', async () => {
    p.write({
      'models/keyed.sql': `{{ config(materialized='table', post_hook="alter table {{ this }} add primary key (id)") }}\nselect 1 as id`,
      'models/pointing.sql': `{{ config(materialized='incremental', post_hook="{% if not is_incremental() and target.type != 'duckdb' %}alter table {{ this }} add constraint by_hand foreign key (id) references {{ ref('keyed') }} (id) on delete cascade{% endif %}") }}\nselect 1 as id`,
    });
    for (const _ of [1, 2, 3]) await p.good('run', '--select', 'keyed', 'pointing');
    expect(same(await keys()).filter((k) => k.includes('keyed'))).toEqual(where('by_hand: pointing ["id"] > keyed ["id"]'));
    if (!p.can.foreignKeys) return;
    // What it does on delete has stayed as well.
    await p.beside((s) => s.run(`delete from ${table('keyed')}`));
    expect(await p.rows("select id from {{ ref('pointing') }}")).toEqual([]);
  });

  test('are there after a build that failed once the old table was gone', async () => {
    if (!p.can.foreignKeys) return;
    p.write({
      'models/keyed.sql': `{{ config(materialized='table', post_hook=["alter table {{ this }} add primary key (id)", "select * from nowhere_at_all"]) }}\nselect 1 as id`,
    });
    await p.bad('run', '--select', 'keyed');
    expect(same(await keys())).toContain('by_hand: pointing ["id"] > keyed ["id"]');
  });

  test('with a slip are told with their place', async () => {
    p.write({ 'models/sales.sql': fact("{'columns': ['customer_idd'], 'to': ref('customers'), 'to_columns': ['id']}") });
    if (p.can.foreignKeys) {
      const failed = await p.bad('run', '--select', 'sales');
      expect(failed.stderr).toMatch(
        /'customer_idd' of foreign_keys is not a column of model 'sales'\.[\s\S]*models\/sales\.sql:1:\d+[\s\S]*Did you mean 'customer_id'\?/,
      );
    }
    p.write({ 'models/sales.sql': fact("{'columns': ['customer_id'], 'to': \"ref('customer')\"}") });
    const missing = await p.dwt('run', '--select', 'sales');
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(/Model 'sales' reads 'customer', which does not exist\.[\s\S]*models\/sales\.sql:1:\d+[\s\S]*Did you mean 'customers'\?/);
    for (const [columns, what] of [
      ["'columns': []", 'has no columns'],
      ["'columns': ['customer_id', 'part']", 'has 2 columns and points to 1'],
    ] as const) {
      p.write({ 'models/sales.sql': fact(`{${columns}, 'to': ref('customers'), 'to_columns': ['id']}`.replace(/(\[\].*), 'to_columns'.*\}/, '$1}')) });
      expect((await p.dwt('ls')).stderr).toMatch(new RegExp(`A foreign key of model 'sales' ${what}\\.[\\s\\S]*models/sales\\.sql:1:`));
    }
    p.write({ 'models/sales.sql': fact("{'column': ['customer_id'], 'to': ref('customers')}") });
    expect((await p.dwt('ls')).stderr).toMatch(/Did you mean 'columns'\?/);
  });

  test('outlive that rows of an incremental model are deleted and come back', async () => {
    p.write({
      'models/sales.sql': null,
      'models/kinds.sql':
        "{{ config(materialized='incremental', unique_key='id', indexes=[{'columns': ['id'], 'unique': true}]) }}\nselect 1 as id, {{ var('step', 1) }} as n",
      'models/of_kind.sql':
        "{{ config(materialized='incremental', foreign_keys=[{'columns': ['kind'], 'to': ref('kinds'), 'to_columns': ['id']}]) }}\nselect 1 as kind",
    });
    for (const n of [1, 2, 3]) await step(n, '--select', 'kinds', 'of_kind');
    expect(same(await keys())).toEqual(expect.arrayContaining([...where('of_kind ["kind"] > kinds ["id"]')]));
    expect(await p.rows("select n from {{ ref('kinds') }}")).toEqual([{ n: 3 }]);
    const refused = await p.beside((s) =>
      s.run(`insert into ${table('of_kind')} (kind) values (9)`).then(
        () => false,
        () => true,
      ),
    );
    expect(refused).toBe(p.can.foreignKeys);
  });

  test('of a table between two others hold for the rows that come back', async () => {
    const between = (up: number): string =>
      `{{ config(materialized='incremental', unique_key='id', indexes=[{'columns': ['id'], 'unique': true}], foreign_keys=[{'columns': ['up'], 'to': ref('customers'), 'to_columns': ['id']}]) }}\nselect 1 as id, ${up} as up`;
    p.write({
      'models/between.sql': between(1),
      'models/below.sql':
        "{{ config(materialized='incremental', foreign_keys=[{'columns': ['at'], 'to': ref('between'), 'to_columns': ['id']}]) }}\nselect 1 as at",
    });
    for (const _ of [1, 2]) await p.good('run', '--select', 'customers', 'between', 'below');
    p.write({ 'models/between.sql': between(99) });
    if (p.can.foreignKeys) expect(said(await p.bad('run', '--select', 'between'))).toMatch(/foreign key/);
    else await p.good('run', '--select', 'between');
    expect(await p.rows("select up from {{ ref('between') }}")).toEqual([{ up: p.can.foreignKeys ? 1 : 99 }]);
    const of = same(await keys()).filter((k) => /^(between|below) /.test(k));
    expect(of).toEqual(where('below ["at"] > between ["id"]', 'between ["up"] > customers ["id"]'));
    p.write({ 'models/between.sql': null, 'models/below.sql': null });
  });

  test('of a table to itself are made, and made again', async () => {
    p.write({
      'models/staff.sql':
        "{{ config(materialized='table', indexes=[{'columns': ['id'], 'unique': true}], foreign_keys=[{'columns': ['boss'], 'to': 'this', 'to_columns': ['id']}]) }}\nselect 1 as id, 1 as boss union all select 2, 1",
      'models/tree.sql':
        "{{ config(materialized='incremental', indexes=[{'columns': ['id'], 'unique': true}], foreign_keys=[{'columns': ['up'], 'to': this, 'to_columns': ['id']}]) }}\nselect {{ var('step', 1) }} as id, 1 as up",
    });
    for (const n of [1, 2]) await step(n, '--select', 'staff', 'tree');
    expect(same(await keys())).toEqual(expect.arrayContaining([...where('staff ["boss"] > staff ["id"]', 'tree ["up"] > tree ["id"]')]));
    expect((await p.relations()).filter((n) => n.includes('__dwt'))).toEqual([]);
  });

  test('find a table by its own schema and alias, and with --empty too', async () => {
    p.write({
      'models/elsewhere.sql': "{{ config(materialized='table', alias='named so', indexes=[{'columns': ['id'], 'unique': true}]) }}\nselect 1 as id",
      'models/finds.sql': "{{ config(materialized='table', foreign_keys=[{'columns': ['id'], 'to': ref('elsewhere')}]) }}\nselect 1 as id",
    });
    for (const more of [[], ['--empty']]) await p.good('run', '--select', 'elsewhere', 'finds', ...more);
    expect(same(await keys()).filter((k) => k.startsWith('finds'))).toEqual(where('finds ["id"] > named so ["id"]'));
  });

  test('go with their column where columns follow the query', async () => {
    const synced = (keys: string, columns: string): string =>
      `{{ config(materialized='incremental', on_schema_change='sync_all_columns', foreign_keys=[${keys}]) }}\nselect ${columns}`;
    const key = "{'columns': ['kind'], 'to': ref('elsewhere'), 'to_columns': ['id']}";
    p.write({ 'models/synced.sql': synced(key, '1 as id, 1 as kind') });
    await p.good('run', '--select', 'elsewhere', 'synced');
    expect(same(await keys()).filter((k) => k.startsWith('synced'))).toEqual(where('synced ["kind"] > named so ["id"]'));
    p.write({ 'models/synced.sql': synced('', '2 as id') });
    await p.good('run', '--select', 'synced');
    expect(same(await keys()).filter((k) => k.startsWith('synced'))).toEqual([]);
    expect(await p.rows("select * from {{ ref('synced') }}")).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test('of a table in another schema outlive it too', async () => {
    if (!p.can.foreignKeys) return;
    const schema = `${p.schema}_beside`.slice(-60);
    const child = p.dialect.relation({ database: p.database, schema, identifier: 'child' });
    const found = async (): Promise<number> =>
      p.beside(async (s) => (await s.query(p.dialect.foreignKeys!.of({ database: p.database, schema, identifier: 'child' }))).rows.length);
    await p.beside(async (s) => {
      await s.run(p.dialect.createSchema({ database: p.database, schema }));
      await s.run(`create table ${child} (id ${p.engine === 'mysql' ? 'int' : 'integer'}, foreign key (id) references ${table('staff')} (id))`);
    });
    try {
      for (const n of [3, 4]) await step(n, '--select', 'staff');
      expect(await found()).toBe(1);
      expect((await p.relations()).filter((n) => n.includes('__dwt'))).toEqual([]);
    } finally {
      await p.beside((s) => s.run(p.engine === 'mysql' ? `drop schema ${p.dialect.quote(schema)}` : `drop schema ${p.dialect.quote(schema)} cascade`));
    }
  });

  test('are mended by the next run where one was killed while they were on their way', async () => {
    if (!p.can.foreignKeys) return;
    const sleep = p.engine === 'mysql' ? 'select sleep(30)' : 'select pg_sleep(30)';
    const kinds = FILES['models/customers.sql'].replaceAll('Part of', 'part');
    p.write({ 'models/kinds.sql': kinds });
    await step(5, '--select', 'kinds');
    p.write({ 'models/kinds.sql': kinds.replace('{{ config(', `{{ config(post_hook="${sleep}", `) });
    const running = p.start('run', '--select', 'kinds');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    running.child.kill('SIGKILL');
    await running.done;
    // The server ends what its client has left.
    await p.beside(async (s) => {
      const own =
        p.engine === 'mysql'
          ? "select concat('kill ', id) from information_schema.processlist where info = 'select sleep(30)'"
          : "select pg_terminate_backend(pid)::text from pg_stat_activity where query = 'select pg_sleep(30)'";
      for (const [sql] of (await s.query(own)).rows) if (p.engine === 'mysql') await s.run(String(sql));
    });
    p.write({ 'models/kinds.sql': kinds });
    await step(6, '--select', 'kinds');
    expect(same(await keys())).toContain('of_kind ["kind"] > kinds ["id"]');
    expect((await p.relations()).filter((n) => n.includes('__dwt'))).toEqual([]);
  });

  test('are made once where a later statement of the model met another writer', async () => {
    if (p.engine !== 'mysql') return;
    await p.beside(async (s) => {
      await s.run(`create table ${table('met')} (n int)`);
      await s.run(
        `create procedure ${p.dialect.quote('meets')}() begin if (select count(*) from ${table('met')}) = 0 then insert into ${table('met')} values (1); commit; signal sqlstate '40001' set mysql_errno = 1213, message_text = 'Deadlock found'; end if; end`,
      );
    });
    p.write({
      'models/meeting.sql':
        "{{ config(materialized='table', post_hook='call meets()', foreign_keys=[{'columns': ['kind'], 'to': ref('kinds'), 'to_columns': ['id']}]) }}\nselect 1 as kind",
    });
    const ran = await p.good('run', '--select', 'meeting');
    expect(said(ran)).toMatch(/tried again \(1 of 6\)/);
    expect(same(await keys())).toContain('meeting ["kind"] > kinds ["id"]');
    p.write({ 'models/meeting.sql': null });
  });

  test('to what is a view from now on are gone with a word', async () => {
    p.write({ 'models/kinds.sql': 'select 1 as id' });
    const ran = await p.good('run', '--select', 'kinds');
    if (p.can.foreignKeys) expect(said(ran)).toMatch(/The foreign key 'dwt_fk_\w+' of \S+of_kind\S+ \(kind\) to model 'kinds' is gone: /);
    expect(same(await keys()).filter((k) => k.startsWith('of_kind'))).toEqual([]);
    await p.beside((s) => s.run(`insert into ${table('of_kind')} (kind) values (1)`));
  });

  test('of models that share tables are made side by side, again and again', async () => {
    const shared = [1, 2, 3, 4, 5].map((n) => `shared_${n}`);
    const files = Object.fromEntries(shared.map((name) => [`models/${name}.sql`, parent(row(1))]));
    const facts = [1, 2, 3, 4].map((n) => {
      const turned = [...shared.slice(n), ...shared.slice(0, n)];
      const list = turned.map((to, i) => `{'columns': ['k${i}'], 'to': ref('${to}'), 'to_columns': ['id']}`).join(', ');
      const columns = turned.map((_, i) => `1 as k${i}`).join(', ');
      return [
        `models/sharing_${n}.sql`,
        `{{ config(materialized='${n % 2 === 0 ? 'table' : 'incremental'}', foreign_keys=[${list}]) }}\nselect ${columns}`,
      ] as const;
    });
    p.write({ ...files, ...Object.fromEntries(facts) });
    for (const more of [[], ['--full-refresh'], []]) {
      const ran = await p.good('run', '--select', 'shared_*', 'sharing_*', '--threads', '8', ...more);
      expect(said(ran)).not.toMatch(/tried again/);
    }
    expect((await keys()).filter((k) => k.startsWith('sharing_'))).toHaveLength(p.can.foreignKeys ? 20 : 0);
  });

  test('of a table that gets rows and of one that is made anew are not taken in opposite orders', async () => {
    if (p.engine !== 'postgres') return;
    // Both are caught half way, in what they have in common.
    const waiting = 'select count(*)::int from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())';
    const running = await p.beside(async (s) => {
      await s.run(`begin; lock table ${table('shared_3')} in access exclusive mode`);
      const started = p.start('run', '--select', 'sharing_1', 'sharing_3', 'sharing_2', 'sharing_4', '--threads', '8');
      for (let n = 0; n < 100 && Number((await s.query(waiting)).rows[0]![0]) < 4; n++) await new Promise((resolve) => setTimeout(resolve, 100));
      await s.run('commit');
      return started;
    });
    const ran = await running.done;
    expect(said(ran)).toMatch(/PASS=4 /);
    expect(said(ran)).not.toMatch(/tried again/);
  });
});
