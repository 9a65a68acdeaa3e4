// Materialized views: made, refreshed, made anew where their query changed, indexes brought in line in place, and what
// on_configuration_change says. Where the engine has none, parsing says so.
import { expect, test } from 'vitest';
import { onEveryProject, type Project, type Ran } from './project.ts';

const config = (more = '', sql = 'select id, amount from'): string =>
  `{{ config(materialized='materialized_view'${more === '' ? '' : `, ${more}`}) }}\n${sql} {{ ref('entries') }}`;
const ID = "indexes=[{'columns': ['id'], 'unique': true}]";

const FILES = {
  'models/entries.sql': "{{ config(materialized='incremental') }}\nselect {{ var('step', 1) }} as id, cast({{ var('step', 1) }}.5 as decimal(10,2)) as amount",
  'models/sums.sql': config(ID),
  'models/_models.yml': 'models:\n  - name: sums\n    description: All of it\n    config: {persist_docs: {relation: true}}\n',
};

onEveryProject('materialized views', FILES, (p) => {
  const said = (ran: Ran): string => ran.stdout + ran.stderr;
  const sums = (): string => p.dialect.relation({ database: p.database, schema: p.schema, identifier: 'sums' });
  const ids = async (): Promise<unknown> => p.beside(async (s) => (await s.query(`select id from ${sums()} order by 1`)).rows.map(([id]) => id));
  const one = async (sql: string): Promise<unknown> => p.beside(async (s) => (await s.query(sql)).rows.map((row) => (row.length === 1 ? row[0] : row)));
  const kind = async (): Promise<unknown> => p.beside(async (s) => (await s.relations([p])).find((r) => r.identifier === 'sums')?.kind);
  /** Tells whether it is the one that stood before. */
  const oid = async (): Promise<unknown> => one("select 'sums'::regclass::oid::int");
  const indexes = async (): Promise<unknown> => one("select pg_get_indexdef(indexrelid) from pg_index where indrelid = 'sums'::regclass order by 1");
  const step = async (n: number, ...more: readonly string[]): Promise<Ran> => p.good('run', '--vars', `{step: ${n}}`, ...more);

  test('where the engine has none, parsing says so at the place', async () => {
    if (p.can.materializedViews) return;
    const ran = await p.dwt('run');
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/parse\/unsupported\] Model 'sums' is a materialized view, which (duckdb|mysql) does not have\.\n +--> models\/sums\.sql:1:/);
    expect(ran.stderr).toContain("materialized='table'");
    // A macro of the project may make of it what it likes.
    p.write({
      'macros/mv.sql':
        "{% materialization materialized_view, default %}{% call statement('main') %}{{ create_table_as(false, this, sql) }}{% endcall %}{{ return({'relations': [this]}) }}{% endmaterialization %}",
    });
    await p.good('run');
    expect(await kind()).toBe('table');
  });

  const having = (title: string, work: (p: Project) => Promise<void>): void =>
    test(title, async () => {
      if (p.can.materializedViews) await work(p);
    });

  having('is made with its indexes and comment, and refreshed by the next run', async () => {
    expect(said(await step(1))).toMatch(/ok +materialized view +sums/i);
    expect(await kind()).toBe('materialized_view');
    const before = await oid();
    expect(await indexes()).toEqual([expect.stringMatching(/^CREATE UNIQUE INDEX sums_id_dwt_[0-9a-f]{8} ON .* USING btree \(id\)$/)]);
    expect(await one("select obj_description('sums'::regclass)")).toEqual(['All of it']);
    await step(2);
    expect(await ids()).toEqual([1, 2]);
    expect(await oid()).toEqual(before);
  });

  having('is left to the next run where only another model is built', async () => {
    await step(3, '--select', 'entries');
    expect(await ids()).toEqual([1, 2]);
    await step(4, '--select', 'sums');
    expect(await ids()).toEqual([1, 2, 3]);
  });

  having('other indexes are made in place, an index of somebody else stays', async () => {
    const before = await oid();
    await p.beside((s) => s.run('create index mine on sums (amount, id)'));
    p.write({ 'models/sums.sql': config("indexes=[{'columns': ['amount'], 'type': 'hash'}, {'columns': ['id', 'amount'], 'name': 'By id'}]") });
    await step(4);
    expect(await ids()).toEqual([1, 2, 3, 4]);
    expect(await oid()).toEqual(before);
    expect(await indexes()).toEqual([
      expect.stringMatching(/^CREATE INDEX "By id" ON .*\(id, amount\)$/),
      expect.stringMatching(/^CREATE INDEX mine ON .*\(amount, id\)$/),
      expect.stringMatching(/^CREATE INDEX sums_amount_dwt_[0-9a-f]{8} ON .* USING hash \(amount\)$/),
    ]);
    await p.beside((s) => s.run('drop index mine'));
    p.write({ 'models/sums.sql': config(ID) });
    await step(5, '--select', 'sums');
    // An index with a name of its own is not known as ours.
    await p.beside((s) => s.run('drop index "By id"'));
    expect(await indexes()).toHaveLength(1);
  });

  having('another query makes it anew at once, and what reads it is put back', async () => {
    const before = await oid();
    await p.beside((s) => s.run('create view over_sums as select count(*) as n from sums'));
    await p.beside((s) => s.run('create materialized view over_all as select n + 1 as n from over_sums'));
    // The same query, written in another way, is the same.
    p.write({ 'models/sums.sql': config(ID, 'SELECT   id, /* all */ amount\nfrom') });
    await step(5, '--select', 'sums');
    expect(await oid()).toEqual(before);
    p.write({ 'models/sums.sql': config(ID, 'select id, amount * 2 as twice from') });
    await step(5, '--select', 'sums');
    expect(await oid()).not.toEqual(before);
    expect(await one('select twice from sums order by 1')).toHaveLength(4);
    expect(await one('select n from over_sums union all select n from over_all')).toEqual([4, 5]);
    expect(await indexes()).toHaveLength(1);
    await p.beside((s) => s.run('drop view over_sums cascade'));
  });

  having('on_configuration_change decides: continue leaves it and says so, fail fails', async () => {
    p.write({ 'models/sums.sql': config(`on_configuration_change='continue', ${ID}`) });
    const before = await oid();
    expect(said(await step(6))).toMatch(/'sums' was changed \(its query\) and is left as it was/);
    expect(await one('select count(*) from sums where twice is not null')).toEqual([4]);
    p.write({ 'models/sums.sql': config(`on_configuration_change='fail', ${ID}`, 'select id, amount * 2 as twice from') });
    await step(7, '--select', 'sums');
    p.write({ 'models/sums.sql': config("on_configuration_change='fail'", 'select id, amount * 2 as twice from') });
    const ran = await p.bad('run', '--select', 'sums');
    expect(said(ran)).toMatch(/plan\/configuration-change\] Materialized view 'sums' was changed \(its indexes\)/);
    expect(await oid()).toEqual(before);
    await step(8, '--full-refresh', '--select', 'sums');
    expect(await oid()).not.toEqual(before);
    expect(await indexes()).toEqual([]);
  });

  having('a query that fails leaves the old one as it was', async () => {
    const before = await oid();
    p.write({ 'models/sums.sql': config(ID, 'select id, 1 / (id - id) as twice from') });
    expect(said(await p.bad('run', '--select', 'sums'))).toMatch(/division by zero/);
    p.write({ 'models/sums.sql': config(ID, 'select id, no_such_column from') });
    expect(said(await p.bad('run', '--select', 'sums'))).toMatch(/no_such_column[\s\S]*models\/sums\.sql:2:12/);
    expect(await oid()).toEqual(before);
    expect(await p.relations()).toEqual(['entries', 'sums']);
  });

  having('a view, a table and an incremental model become one, and back', async () => {
    for (const other of ['view', 'table', 'incremental']) {
      p.write({ 'models/sums.sql': config('').replace('materialized_view', other) });
      await step(8, '--select', 'sums');
      expect(await kind()).toBe(other === 'view' ? 'view' : 'table');
      p.write({ 'models/sums.sql': config(ID) });
      await step(8, '--select', 'sums');
      expect(await kind()).toBe('materialized_view');
    }
    // What it reads is replaced, and takes it along: it is made again.
    await step(9, '--full-refresh');
    expect(await ids()).toEqual([9]);
    p.write({ 'models/entries.sql': FILES['models/entries.sql'].replace('incremental', 'table') });
    await step(10);
    await step(11);
    expect(await ids()).toEqual([11]);
    await step(12, '--select', 'entries');
    expect(await ids()).toEqual([12]);
    expect(await indexes()).toHaveLength(1);
  });
});
