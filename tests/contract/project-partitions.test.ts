// Tables partitioned by a field: where the rows really lie, what the planner reads of them, new and late periods, and what stands
// otherwise than configured. DuckDB has no partitions: the same rows, and nothing else.
import { expect, test } from 'vitest';
import { onEveryProject, type Ran } from './project.ts';

const day = (text: string | null): string => (text === null ? 'cast(null as date)' : `cast('${text}' as date)`);
const select = (rows: readonly (readonly [id: number, day: string | null, amount: number])[], field = 'sold_on'): string =>
  rows.map(([id, on, amount]) => `select ${id} as id, ${day(on)} as ${field}, ${amount} as amount`).join(' union all\n');

const STEPS = `{% if var('step', 1) == 1 %}
${select([
  [1, '2024-01-15', 10],
  [2, '2024-01-31', 20],
  [3, '2024-03-01', 30],
  [4, null, 40],
])}
{% elif var('step') == 2 %}
${select([
  [5, '2024-04-30', 50],
  [6, '2023-12-31', 60],
  [7, '2024-02-29', 70],
])}
{% elif var('step') == 3 %}
${select([
  [1, '2024-05-05', 11],
  [4, '2024-03-04', 41],
  [7, null, 71],
])}
{% else %}
select 8 as id, cast('2024-07-01' as date) as sold_on, 1 / (id - id) as amount from nothing_there
{% endif %}`;

const sales = (more = ''): string =>
  `{{ config(materialized='incremental', unique_key='id', incremental_strategy='merge', partition_by='sold_on', indexes=[{'columns': ['id']}]${more}) }}\n${STEPS}`;

const FILES = { 'models/sales.sql': sales() };

onEveryProject('partitions', FILES, (p) => {
  const said = (ran: Ran): string => ran.stdout + ran.stderr;
  const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  const table = (name: string): string => p.dialect.relation({ database: p.database, schema: p.schema, identifier: name });
  const step = (n: number, ...more: readonly string[]): Promise<Ran> => p.good('run', '--vars', `{step: ${n}}`, ...more);
  const query = (sql: string): Promise<readonly (readonly unknown[])[]> => p.beside(async (s) => (await s.query(sql)).rows);
  const countAll = async (name: string): Promise<number> => Number((await query(`select count(*) from ${table(name)}`))[0]![0]);

  /** Each partition by its period's name, with the ids that lie in it; `none` is for rows of no period. */
  const lying = async (name: string, id = 'id'): Promise<Record<string, readonly number[]>> => {
    const found: Record<string, number[]> = {};
    if (p.engine === 'postgres') {
      const names = await query(
        `select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = ${literal(table(name))}::regclass order by 1`,
      );
      const key = (relname: unknown): string => /_(\d+|default)_[0-9a-f]{8}$/.exec(String(relname))![1]!.replace('default', 'none');
      for (const [relname] of names) found[key(relname)] = [];
      for (const [relname, n] of await query(
        `select c.relname, t.${p.dialect.quote(id)} from ${table(name)} t join pg_class c on c.oid = t.tableoid order by 2`,
      ))
        found[key(relname)]!.push(Number(n));
    } else {
      const names = await query(
        `select partition_name from information_schema.partitions where table_schema = database() and table_name = ${literal(name)} and partition_name is not null order by partition_ordinal_position`,
      );
      for (const [partition] of names) {
        const key = String(partition).replace(/^p/, '').replace(/^min$/, 'none');
        const ids = await query(`select ${p.dialect.quote(id)} from ${table(name)} partition (${p.dialect.quote(String(partition))}) order by 1`);
        if (key !== 'max' || ids.length > 0) found[key] = ids.map(([n]) => Number(n));
      }
    }
    return found;
  };
  /** What is expected of `lying`: nothing where there are no partitions. */
  const expectLying = async (name: string, expected: Record<string, readonly number[]>, id = 'id'): Promise<void> => {
    expect(await countAll(name)).toBe(Object.values(expected).flat().length);
    if (p.can.partitions) expect(await lying(name, id)).toEqual(expected);
  };

  test('hold the rows of their months, and the planner reads no other', async () => {
    await step(1);
    await expectLying('sales', { none: [4], '202401': [1, 2], '202403': [3] });
    const read = `select * from ${table('sales')} where sold_on >= '2024-01-01' and sold_on < '2024-02-01'`;
    if (p.engine === 'postgres') {
      const plan = (await query(`explain ${read}`)).flat().join('\n');
      expect(plan).toMatch(/on sales_202401_/);
      expect(plan).not.toMatch(/sales_(202403|default)_/);
    } else if (p.engine === 'mysql') {
      const [columns, row] = await p.beside(async (s) => {
        const plan = await s.query(
          /MariaDB/.test(String((await s.query('select version()')).rows[0]![0])) ? `explain partitions ${read}` : `explain format=traditional ${read}`,
        );
        return [plan.columns.map((c) => c.name), plan.rows[0]!];
      });
      expect(row[columns.indexOf('partitions')]).toBe('p202401');
    }
    expect(await p.relations()).toEqual(['sales']);
  });

  test('come with the rows of a new month, a late one, and one between', async () => {
    const ran = await step(2);
    expect(said(ran)).not.toMatch(/warn(ing)?:|partition/i);
    await expectLying('sales', { none: [4], '202312': [6], '202401': [1, 2], '202402': [7], '202403': [3], '202404': [5] });
  });

  test('change hands by a merge', async () => {
    await step(3);
    await expectLying('sales', { none: [7], '202312': [6], '202401': [2], '202402': [], '202403': [3, 4], '202404': [5], '202405': [1] });
    expect(await p.rows("select id, amount from {{ ref('sales') }} where amount in (11, 41, 71)")).toEqual([
      { id: 1, amount: 11 },
      { id: 4, amount: 41 },
      { id: 7, amount: 71 },
    ]);
  });

  test('are as they were after a failure, in each kind of build, and the next run completes', async () => {
    await p.bad('run', '--vars', '{step: 4}');
    expect(await countAll('sales')).toBe(7);
    // A row that the server refuses once the rows are moved: a second row of one key, by an index of the configuration.
    p.write({
      'models/sales.sql': sales(", pre_hook='select 1'").replace("{'columns': ['id']}", "{'columns': ['id', 'sold_on'], 'unique': true}").replace(STEPS, twice),
    });
    for (const more of [[], ['--full-refresh']]) {
      expect(said(await p.bad('run', ...more))).toMatch(/duplicate|unique|MERGE/i);
      expect(await countAll('sales')).toBe(7);
      expect(await p.relations()).toEqual(['sales']);
    }
    p.write(FILES);
    await step(2);
    await step(1, '--full-refresh');
    await expectLying('sales', { none: [4], '202401': [1, 2], '202403': [3] });
    // A second build beside the first: the partitions of the first are gone.
    await step(1, '--full-refresh');
    await expectLying('sales', { none: [4], '202401': [1, 2], '202403': [3] });
    if (p.engine === 'postgres') {
      expect(await query("select count(*) from pg_class where relkind = 'r' and relname like 'sales%'")).toEqual([[3n]].map(([n]) => [Number(n)]));
    }
  });

  test('refuse a unique index without the field, before anything is touched', async () => {
    p.write({
      'models/sales.sql': sales(", pre_hook='create table touched (a int)'").replace("{'columns': ['id']}", "{'columns': ['id'], 'unique': true}"),
    });
    if (p.can.partitions) {
      for (const more of [[], ['--full-refresh']]) {
        const out = said(await p.bad('run', ...more));
        expect(out).toContain("error[parse/bad-config] The unique index of model 'sales' on (id) lacks 'sold_on', by which its table is partitioned.");
        expect(out).toMatch(/models\/sales\.sql:1:/);
        expect(out).toMatch(/add 'sold_on' to the index/);
      }
    } else await p.good('run', '--full-refresh');
    if (p.can.partitions) expect(await p.relations()).toEqual(['sales']);
    p.write(FILES);
    if (!p.can.partitions) await p.beside((s) => s.run('drop table touched'));
    await step(1, '--full-refresh');
  });

  test('warn where the table stands otherwise, and go on as it stands', async () => {
    const remedy = 'until it is built anew: dwt run --full-refresh --select sales';
    const warns = async (n: number, message: string): Promise<void> => {
      const out = said(await step(n)).replace(/\s+/g, ' ');
      if (p.can.partitions) expect(out).toContain(`The table of model 'sales' ${message}, ${remedy}`);
      else expect(out).not.toMatch(/partition/);
    };
    p.write({ 'models/sales.sql': sales().replace("partition_by='sold_on'", "partition_by={'field': 'sold_on', 'granularity': 'day'}") });
    await warns(2, "stays partitioned by month of 'sold_on', not by day of 'sold_on'");
    p.write({ 'models/sales.sql': sales().replace("partition_by='sold_on', ", '') });
    await warns(3, "stays partitioned by month of 'sold_on', though there is no partition_by");
    await expectLying('sales', { none: [7], '202312': [6], '202401': [2], '202402': [], '202403': [3, 4], '202404': [5], '202405': [1] });
    await step(1, '--full-refresh');
    p.write(FILES);
    await warns(2, "is not partitioned by month of 'sold_on'");
    expect(await countAll('sales')).toBe(7);
    await step(1, '--full-refresh');
    await expectLying('sales', { none: [4], '202401': [1, 2], '202403': [3] });
  });

  test('are made of no rows, of nothing but null, and of a table under a plan', async () => {
    const plan = said(await p.good('plan'));
    expect(plan).toMatch(/sales/);
    p.write({ 'models/copy.sql': `{{ config(materialized='incremental', partition_by='sold_on') }}\nselect * from {{ ref('sales') }}` });
    await p.good('run', '--select', 'copy', '--empty');
    await expectLying('copy', { none: [] });
    await p.good('run', '--select', 'copy', '--empty');
    await p.good('run', '--select', 'copy');
    await expectLying('copy', { none: [4], '202401': [1, 2], '202403': [3] });
    p.write({ 'models/copy.sql': null });
    p.write({ 'models/voids.sql': `{{ config(materialized='table', partition_by='sold_on') }}\n${select([[1, null, 1]])}` });
    await p.good('run', '--select', 'voids');
    await expectLying('voids', { none: [1] });
    await p.good('run', '--select', 'voids');
    await expectLying('voids', { none: [1] });
    p.write({ 'models/voids.sql': null });
  });

  test.runIf(p.engine === 'postgres')('come without readers waiting for the rows: who holds a row up holds up no reader', async () => {
    await step(1, '--full-refresh');
    // Rows of a period that is there, which somebody else has changed and not committed: the merge waits for them, after the partition was made.
    p.write({
      'models/sales.sql': sales().replace(
        STEPS,
        select([
          [3, '2024-03-02', 33],
          [9, '2024-09-09', 90],
        ]),
      ),
    });
    await p.beside(async (s, w) => {
      await s.begin();
      await s.run(`update ${table('sales')} set amount = 0 where id = 3 and sold_on >= '2024-03-01' and sold_on < '2024-04-01'`);
      const { child, done } = p.start('run');
      const reader = await w.session();
      await reader.run("set statement_timeout = '20s'");
      let partitions = 0;
      while (partitions < 4) {
        partitions = Number((await reader.query(`select count(*) from pg_inherits where inhparent = ${literal(table('sales'))}::regclass`)).rows[0]![0]);
        if (child.exitCode !== null) throw new Error(said(await done));
      }
      // All rows, also those of none, and those of one month; the run still waits for the row.
      expect((await reader.query(`select count(*) from ${table('sales')}`)).rows).toEqual([[4]]);
      expect((await reader.query(`select count(*) from ${table('sales')} where sold_on >= '2024-01-01' and sold_on < '2024-02-01'`)).rows).toEqual([[2]]);
      expect(child.exitCode).toBeNull();
      await s.rollback();
      expect((await done).code, said(await done)).toBe(0);
    });
    await expectLying('sales', { none: [4], '202401': [1, 2], '202403': [3], '202409': [9] });
    p.write(FILES);
    await step(1, '--full-refresh');
  });

  test('are refused where a load would make an absurd number of them, with what would fit', async () => {
    if (!p.can.partitions) return expect(p.engine).toBe('duckdb');
    const days = (from: number, count: number): string =>
      p.engine === 'postgres'
        ? `select d::date as d from generate_series('2000-01-01'::date + ${from}, '2000-01-01'::date + ${from + count - 1}, '1 day') as g(d)`
        : `with digits as (select 0 as n union all select 1 union all select 2 union all select 3 union all select 4 union all select 5 union all select 6 union all select 7 union all select 8 union all select 9)
select date_add(cast('2000-01-01' as date), interval ${from} + a.n + 10 * b.n + 100 * c.n + 1000 * e.n day) as d from digits a, digits b, digits c, digits e where a.n + 10 * b.n + 100 * c.n + 1000 * e.n < ${count}`;
    const model = (rows: string): string => `{{ config(materialized='incremental', partition_by={'field': 'd', 'granularity': 'day'}) }}\n${rows}`;
    const most = p.engine === 'postgres' ? 1000 : 8190;
    p.write({ 'models/many.sql': model(days(0, most + 1)) });
    const refused = said(await p.bad('run', '--select', 'many')).replace(/\s+/g, ' ');
    expect(refused).toContain(`error[plan/bad-result] The rows of model 'many' have ${most + 1} days of 'd'; ${p.engine} takes ${most} partitions`);
    expect(refused).toMatch(
      p.engine === 'postgres'
        ? /Set granularity to 'month' \(33 partitions\) or 'year' \(3 partitions\)\./
        : /Set granularity to 'month' \(270 partitions\) or 'year' \(23/,
    );
    expect(refused).toMatch(/models\/many\.sql:1:/);
    if (p.engine === 'postgres') {
      // As many as that go, on a server as it comes.
      p.write({ 'models/many.sql': model(days(0, 1000)) });
      await p.good('run', '--select', 'many');
      p.write({ 'models/many.sql': model(days(1000, 1001)) });
      const more = said(await p.bad('run', '--select', 'many')).replace(/\s+/g, ' ');
      expect(more).toContain("have 1001 days of 'd', beside 1000 that its table has; postgres takes 1000 partitions in one go.");
      p.write({ 'models/many.sql': model(days(1000, 40)) });
      await p.good('run', '--select', 'many');
    }
    p.write({ 'models/many.sql': null });
    if (p.engine === 'postgres') await p.beside((s) => s.run(`drop table ${table('many')}`));
  });

  test('by day, by year, of timestamps and of day keys', async () => {
    const by = (what: string, rows: string): string => `{{ config(materialized='incremental', partition_by=${what}) }}\n${rows}`;
    const moment = (text: string): string => `{{ dbt.cast("'${text}'", dbt.type_timestamp()) }}`;
    p.write({
      'models/days.sql': by(
        "{'field': 'At', 'data_type': 'timestamp', 'granularity': 'day'}",
        `select 1 as id, ${moment('2024-02-28 23:59:59.999')} as at union all select 2, ${moment('2024-02-29 00:00:00')} union all select 3, ${moment('9999-12-31 00:00:00')}`,
      ),
      'models/years.sql': by("{'field': 'd', 'granularity': 'year'}", `select 1 as id, ${day('2023-12-31')} as d union all select 2, ${day('2024-01-01')}`),
      'models/keys.sql': by(
        "{'field': 'date_key', 'data_type': 'int', 'granularity': 'month'}",
        "{% if var('step', 1) == 1 %}select 1 as id, 20240131 as date_key union all select 2, 20240201 union all select 3, -1{% else %}select 4 as id, 20231231 as date_key union all select 5, null{% endif %}",
      ),
    });
    await step(1, '--select', 'days', 'years', 'keys');
    const open = p.engine === 'mysql' ? { max: [3], none: [] } : { none: [3] };
    await expectLying('days', { ...open, '20240228': [1], '20240229': [2] });
    await expectLying('years', { none: [], '2023': [1], '2024': [2] });
    await expectLying('keys', { none: [3], '202401': [1], '202402': [2] });
    await step(2, '--select', 'keys');
    await expectLying('keys', { none: [3, 5], '202312': [4], '202401': [1], '202402': [2] });
    if (p.engine === 'postgres') {
      // A wider type, which other columns are given.
      const wider = by("{'field': 'date_key', 'data_type': 'int'}", 'select 6 as id, cast(20240301 as bigint) as date_key');
      p.write({ 'models/keys.sql': wider });
      expect(said(await p.bad('run', '--select', 'keys'))).toMatch(/cannot alter column "date_key".*help: Its table is partitioned by it: cast it/s);
      // The partition stays, empty: the next run uses it.
      await expectLying('keys', { none: [3, 5], '202312': [4], '202401': [1], '202402': [2], '202403': [] });
    }
    p.write({ 'models/days.sql': null, 'models/years.sql': null, 'models/keys.sql': null });
  });

  test('under long names and names that are quoted, side by side', async () => {
    const long = 'n'.repeat(60);
    const odd = `Sales "of" 'it' \`all\``;
    const q = (name: string): string => p.dialect.quote(name).replaceAll('"', '"');
    const model = (alias: string): string =>
      `{{ config(materialized='incremental', alias=${JSON.stringify(alias)}, partition_by={'field': ${JSON.stringify('Sold "On" `x`')}}) }}\nselect {{ var('step', 1) }} as id, ${day('2024-0{{ var("step", 1) }}-01')} as ${q('Sold "On" `x`')}`;
    p.write({ 'models/a.sql': model(`${long}a`), 'models/b.sql': model(`${long}b`), 'models/c.sql': model(odd) });
    const all = ['--select', 'a', 'b', 'c'];
    await step(1, ...all);
    await step(1, '--full-refresh', ...all);
    await step(2, ...all);
    for (const name of [`${long}a`, `${long}b`, odd]) await expectLying(name, { none: [], '202401': [1], '202402': [2] });
    p.write({ 'models/a.sql': null, 'models/b.sql': null, 'models/c.sql': null });
  });

  test('say which field is no column, or none to partition by', async () => {
    if (!p.can.partitions) return expect(p.engine).toBe('duckdb');
    const model = (by: string): string =>
      `{{ config(materialized='table', partition_by=${by}) }}\nselect 1 as id, 20240101 as n, 'a' as t, ${day('2024-01-01')} as sold_on`;
    const refused = async (by: string): Promise<string> => {
      p.write({ 'models/wrong.sql': model(by) });
      return said(await p.bad('run', '--select', 'wrong')).replace(/\s+/g, ' ');
    };
    const near = await refused("{'field': 'soldon'}");
    expect(near).toContain("error[plan/bad-result] The field 'soldon' of partition_by is not a column of model 'wrong'.");
    expect(near).toContain("Did you mean 'sold_on'?");
    expect(near).toMatch(/models\/wrong\.sql:1:/);
    expect(await refused("'n'")).toMatch(/The field 'n' of partition_by is of the type \w+(\(\d+\))?, not a date or a timestamp.*Set data_type to 'int'/);
    expect(await refused("'t'")).toMatch(/The field 't' of partition_by is of the type .*, not a date.*Cast it to/);
    expect(await refused("{'field': 'sold_on', 'data_type': 'int'}")).toMatch(/is of the type date, not an integer.*Leave data_type out/);
    p.write({ 'models/wrong.sql': model("{'field': 'n', 'data_type': 'int'}").replace('20240101', '202401') });
    expect(said(await p.good('run', '--select', 'wrong')).replace(/\s+/g, ' ')).toContain("No value of 'n' in model 'wrong' is a day as yyyymmdd");
    p.write({ 'models/wrong.sql': null });
    expect((await p.relations()).filter((r) => r.includes('dwt'))).toEqual([]);
  });

  test('keep views that are bound to the table, new columns, hooks and deletes by key', async () => {
    p.write({
      'models/grows.sql': `{{ config(materialized='incremental', unique_key=['id'], on_schema_change='append_new_columns', unlogged=true,
        partition_by={'field': 'sold_on'}, indexes=[{'columns': ['id', 'sold_on'], 'unique': true}], persist_docs={'relation': true, 'columns': true}, pre_hook='select 1', post_hook='select 2') }}
        select 1 as id, ${day('2024-01-01')} as sold_on{% if var('step', 1) == 2 %}, 5 as extra union all select 2, ${day('2024-02-01')}, 6{% endif %}`,
      'models/grows.yml': `models:
  - name: grows
    description: It grows.
    columns:
      - {name: id, description: Its key.}
      - {name: sold_on, description: "Its day, it's said."}
`,
    });
    await step(1, '--select', 'grows');
    await p.beside((s) => s.run(`create view reading as select id from ${table('grows')}`));
    await step(2, '--select', 'grows');
    await expectLying('grows', { none: [], '202401': [1], '202402': [2] });
    expect(await p.rows("select id, extra from {{ ref('grows') }}")).toEqual([
      { id: 1, extra: 5 },
      { id: 2, extra: 6 },
    ]);
    await step(2, '--full-refresh', '--select', 'grows');
    await expectLying('grows', { none: [], '202401': [1], '202402': [2] });
    expect(await countAll('reading')).toBe(2);
    if (p.engine === 'postgres') {
      const persistence = await query(
        `select distinct c.relpersistence::text from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = ${literal(table('grows'))}::regclass`,
      );
      expect(persistence).toEqual([['u']]);
    }
    await p.beside((s) => s.run('drop view reading'));
    p.write({ 'models/grows.sql': null, 'models/grows.yml': null });
  });

  test('are configured by folder, and models alone have them', async () => {
    p.write({
      'models/sales.sql': sales().replace("partition_by='sold_on', ", ''),
      'models/_sales.yml': 'models:\n  - name: sales\n    config: {partition_by: {field: sold_on, granularity: weak}}\n',
    });
    const wrong = await p.dwt('run');
    expect(wrong.code).toBe(2);
    expect(said(wrong)).toMatch(/'granularity' must be one of 'hour', 'day', 'month', 'year', not the text 'weak'/);
    p.write({ 'models/_sales.yml': 'models:\n  - name: sales\n    config: {partition_by: {field: sold_on, granularity: year}}\n' });
    await step(1, '--full-refresh');
    await expectLying('sales', { none: [4], '2024': [1, 2, 3] });
    p.write({ 'seeds/listed.csv': 'id\n1\n', 'models/_sales.yml': 'seeds:\n  - name: listed\n    config: {partition_by: id}\n' });
    expect(said(await p.good('seed'))).toContain("warning[parse/unknown-config] 'partition_by' configures models, not seeds.");
    p.write({ 'seeds/listed.csv': null, 'models/_sales.yml': null, ...FILES });
  });

  test('of a period for which somebody else put rows in before: the run says what to do', async () => {
    if (p.engine !== 'postgres') return;
    await step(1, '--full-refresh');
    await p.beside((s) => s.run(`insert into ${table('sales')} (id, sold_on, amount) values (50, '2024-04-02', 1)`));
    const ran = await p.bad('run', '--vars', '{step: 2}');
    expect(ran.stderr).toMatch(/default partition .*would be violated/);
    expect(ran.stderr).toContain('Somebody put rows of that period into the table before it had a partition for them');
    expect(await countAll('sales')).toBe(5);
    await step(2, '--full-refresh');
    expect(await countAll('sales')).toBe(3);
  });
});

/** Two rows of one key. */
const twice = select([
  [9, '2024-08-01', 1],
  [9, '2024-08-01', 2],
]);
