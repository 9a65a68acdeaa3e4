// What becomes of indexes when a process is killed after a commit, and the file is then opened by one that does something else.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Session } from '../adapter.ts';
import { duckdb } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'dwt-replay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs statements in a process that is killed right after the last. */
function killedAfter(file: string, ...statements: readonly string[]): void {
  const script = `
    const { DuckDBInstance } = require('@duckdb/node-api');
    (async () => {
      const c = await (await DuckDBInstance.create(${JSON.stringify(file)})).connect();
      for (const sql of ${JSON.stringify(statements)}) await c.run(sql);
      process.kill(process.pid, 'SIGKILL');
    })().catch((e) => { console.error(e); process.exit(9); });`;
  const { signal, stderr } = spawnSync(process.execPath, ['--eval', script], { cwd: resolve('.'), encoding: 'utf8' });
  expect(signal, stderr).toBe('SIGKILL');
}

async function opened<T>(settings: Record<string, unknown>, work: (s: Session) => Promise<T>): Promise<T> {
  const warehouse = await duckdb.connect({ type: 'duckdb', ...settings }, { root: folder, threads: 1 });
  try {
    return await work(await warehouse.session());
  } finally {
    await warehouse.close();
  }
}

const MAKE = [
  'create schema "Odd schema"',
  'create table "Odd schema"."a table" as select range::int as k, \'n\' || range as name, 1 as v from range(600)',
  'create unique index by_key on "Odd schema"."a table" (k)',
  'create index by_name on "Odd schema"."a table" (name, k)',
  'create table with_key (k integer primary key, v integer generated always as (k + 1))',
  'insert into with_key (k) select range from range(600)',
  'checkpoint',
];
const CHANGE = [
  'merge into "Odd schema"."a table" as t using (select 590 + range::int as k, 7 as v from range(50)) as s on t.k = s.k\n' +
    "when matched then update set v = s.v, name = 'renamed' when not matched then insert (k, name, v) values (s.k, 'new', s.v)",
  'delete from "Odd schema"."a table" where k < 20',
  'insert into with_key (k) select 600 + range from range(40)',
];

test.each([
  ['the target itself', (file: string) => ({ path: file }), ''],
  ['the target under another name', (file: string) => ({ path: file, database: 'other' }), ''],
  ['a file that is attached', (file: string) => ({ path: ':memory:', attach: [{ path: file, alias: 'side' }] }), 'side.'],
])('indexes of %s hold every row after a kill, whatever is done first', async (what, settings, prefix) => {
  const file = join(folder, `${what.replaceAll(' ', '_')}.duckdb`);
  killedAfter(file, ...MAKE, ...CHANGE);
  await opened(settings(file), (s) => s.query('select 1'));
  const table = `${prefix}"Odd schema"."a table"`;
  await opened(settings(file), async (s) => {
    const { rows } = await s.query(`select k + 0, name || '' from ${table} order by 1`);
    expect(rows).toHaveLength(620);
    for (const [k, name] of rows) {
      expect((await s.query(`select 1 from ${table} where k = ${String(k)}`)).rows).toHaveLength(1);
      expect((await s.query(`select 1 from ${table} where k = ${String(k)} and name = '${String(name)}'`)).rows).toHaveLength(1);
    }
    await s.begin();
    await s.run(`delete from ${table} where k % 2 = 1`);
    await s.run(`insert into ${table} select 2 * range + 21, 'again', 1 from range(100)`);
    await s.run(`delete from ${prefix}with_key where k % 2 = 1`);
    await s.commit();
  });
  await opened(settings(file), async (s) => {
    await s.run(`delete from ${table}`);
    await s.run(`delete from ${prefix}with_key`);
    expect((await s.query(`select count(*) from ${table}`)).rows).toEqual([[0]]);
  });
});

test('indexes that another program left without rows are made anew after the error that tells', async () => {
  const file = join(folder, 'broken.duckdb');
  killedAfter(file, ...MAKE, ...CHANGE);
  const other = spawnSync(
    process.execPath,
    [
      '--eval',
      `const { DuckDBInstance } = require('@duckdb/node-api');
      (async () => {
        const i = await DuckDBInstance.create(${JSON.stringify(file)});
        const c = await i.connect();
        await c.run('select 1');
        c.closeSync();
        i.closeSync();
      })();`,
    ],
    { cwd: resolve('.') },
  );
  expect(other.status).toBe(0);
  const warehouse = await duckdb.connect({ type: 'duckdb', path: file }, { root: folder, threads: 2 });
  const session = await warehouse.session();
  expect((await session.query('select 1 from "Odd schema"."a table" where k = 639')).rows).toEqual([]);
  const thrown: unknown = await (async () => {
    await session.begin();
    await session.run('delete from "Odd schema"."a table" where k % 2 = 1');
    await session.commit();
  })().catch((e: unknown) => e);
  expect(String(thrown)).toMatch(/DuckDB stopped: an index does not hold the rows of its table\.$/);
  expect(session.lost).toBe(true);
  await expect(warehouse.session()).rejects.toThrow('DuckDB stopped after an earlier error.');
  await warehouse.close();
  await opened({ path: file }, async (s) => {
    expect((await s.query('select count(*) from "Odd schema"."a table"')).rows).toEqual([[620]]);
    expect((await s.query('select 1 from "Odd schema"."a table" where k = 639')).rows).toHaveLength(1);
    await s.begin();
    await s.run('delete from "Odd schema"."a table" where k % 2 = 1');
    await s.commit();
    expect((await s.query('select index_name from duckdb_indexes() where not is_primary order by 1')).rows).toEqual([['by_key'], ['by_name']]);
  });
});

test('a file that is only read is read as it is', async () => {
  const file = join(folder, 'read.duckdb');
  killedAfter(file, ...MAKE, ...CHANGE);
  await opened({ path: file, read_only: true }, async (s) => {
    expect((await s.query('select count(*) from "Odd schema"."a table" where k = 639')).rows).toEqual([[1]]);
  });
  await opened({ path: file }, async (s) => {
    await s.run('delete from "Odd schema"."a table"');
  });
});
