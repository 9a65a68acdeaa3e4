import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConnectionFailure } from '../failures.ts';
import type { TargetSettings } from '../adapter.ts';
import { duckdb } from './index.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'dwt-duckdb-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const open = (settings: TargetSettings, readOnly = false) => duckdb.connect(settings, { root, threads: 2, readOnly });

async function failure(settings: TargetSettings, readOnly = false): Promise<ConnectionFailure> {
  const thrown: unknown = await open(settings, readOnly).catch((e: unknown) => e);
  expect(thrown).toBeInstanceOf(ConnectionFailure);
  return thrown as ConnectionFailure;
}

/** Runs the driver in another process. */
const OTHER = "const d = require('@duckdb/node-api'); d.DuckDBInstance.create(process.argv[1]).then(async (i) => { const c = await i.connect();";
const inAnotherProcess = (file: string): string =>
  execFileSync(process.execPath, ['-e', `${OTHER} console.log('opened'); c.closeSync(); i.closeSync() }, (e) => console.log(e.message))`, file], {
    encoding: 'utf8',
  }).trim();

describe('names without a connection', () => {
  test.each<[TargetSettings, string]>([
    [{}, 'memory'],
    [{ path: ':memory:' }, 'memory'],
    [{ path: 'data/dev.duckdb' }, 'dev'],
    [{ path: 'my.project.duckdb' }, 'my'],
    [{ path: '.hidden.db' }, 'hidden'],
    [{ path: 'noext' }, 'noext'],
    [{ path: 'main.db' }, 'main_db'],
    [{ path: 'temp.db' }, 'temp_db'],
    [{ path: "x y'z.db" }, "x y'z"],
    [{ path: 'dev.duckdb', database: 'Ware "house"' }, 'Ware "house"'],
    [{ path: ':memory:', database: 'shop' }, 'shop'],
  ])('%j is %s, and DuckDB agrees', async (settings, database) => {
    expect(duckdb.defaults(settings).database).toBe(database);
    const warehouse = await open(settings);
    const session = await warehouse.session();
    expect((await session.query('select current_database()')).rows).toEqual([[database]]);
    await session.run('create table if not exists t as select 1 as a');
    expect(await session.columns({ database, schema: 'main', identifier: 't' })).toHaveLength(1);
    await warehouse.close();
  });

  test('schema and threads', () => {
    expect(duckdb.defaults({})).toMatchObject({ schema: 'main', threads: 4 });
    expect(duckdb.defaults({ schema: 'dev', threads: 8 })).toMatchObject({ schema: 'dev', threads: 8 });
  });
});

describe('a file', () => {
  test('its folder is made; after closing, another program opens it at once', async () => {
    const warehouse = await open({ path: 'new/folder/a.duckdb' });
    const session = await warehouse.session();
    await session.run('create table t as from range(1000)');
    await session.query('from t', 5);
    const file = path.join(root, 'new/folder/a.duckdb');
    expect(inAnotherProcess(file)).toContain('lock');
    await warehouse.close();
    await warehouse.close();
    expect(inAnotherProcess(file)).toBe('opened');
    expect(readdirSync(path.dirname(file))).toEqual(['a.duckdb']);
    await expect(warehouse.session()).rejects.toThrow('closed');
  });

  test('a running statement is stopped by closing', async () => {
    const warehouse = await open({ path: 'busy.duckdb' });
    const session = await warehouse.session();
    const running = session.run('select count(*) from range(100000) a, range(100000) b, range(1000) c where a.range + b.range = c.range');
    const outcome = expect(running).rejects.toMatchObject({ cancelled: true });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await warehouse.close();
    await outcome;
    expect(inAnotherProcess(path.join(root, 'busy.duckdb'))).toBe('opened');
  });

  test('two warehouses in one process share it', async () => {
    const [a, b] = [await open({ path: 'shared.duckdb' }), await open({ path: './shared.duckdb' })];
    await (await a.session()).run('create table t as select 1 as a');
    await a.close();
    expect((await (await b.session()).query('from t')).rows).toEqual([[1]]);
    await b.close();
    expect(inAnotherProcess(path.join(root, 'shared.duckdb'))).toBe('opened');
  });

  test('in use elsewhere: says by whom', async () => {
    const file = path.join(root, 'locked.duckdb');
    const holder = spawn(process.execPath, ['-e', `${OTHER} console.log('opened'); setInterval(() => c, 1000) })`, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    const { message, help, retryable } = await failure({ path: 'locked.duckdb' });
    expect(message).toMatch(new RegExp(`^The database file locked.duckdb is in use by .*node.* \\(process ${holder.pid}\\)\\.$`));
    expect(help).toContain('Only one program at a time');
    expect(retryable).toBe(true);
    holder.kill();
    await once(holder, 'exit');
  });

  test('is not one, is a folder, is not there', async () => {
    writeFileSync(path.join(root, 'text.db'), 'hello '.repeat(5000));
    expect((await failure({ path: 'text.db' })).message).toBe('The file text.db is not a DuckDB database.');
    expect((await failure({ path: '.' })).message).toBe('The path . is a folder, not a database file.');
    expect((await failure({ path: 'none.db' }, true)).message).toBe('The database file none.db does not exist, and the target only reads.');
    expect(existsSync(path.join(root, 'none.db'))).toBe(false);
    expect((await failure({ path: 'text.db/x.db' })).message).toContain('cannot be created');
  });

  test('read only', async () => {
    for (const settings of [{ path: 'ro.duckdb' }, { path: 'ro.duckdb', database: 'other' }]) {
      await (await open(settings)).close();
      const warehouse = await open({ ...settings, read_only: true });
      await expect((await warehouse.session()).run('create table t (i int)')).rejects.toThrow('read-only');
      await warehouse.close();
    }
    await (await open({}, true)).close();
  });
});

describe('what a target may say', () => {
  test('settings, threads of DuckDB, attached databases', async () => {
    const other = await open({ path: 'other.duckdb' });
    await (await other.session()).run('create or replace table t as select 42 as a');
    await other.close();
    const warehouse = await open({
      settings: { threads: 1, memory_limit: '512MB', TimeZone: 'Asia/Tokyo' },
      attach: [
        { path: 'other.duckdb', alias: 'o t', read_only: true },
        { path: ':memory:', alias: 'm' },
      ],
      extensions: ['json'],
    });
    const session = await warehouse.session();
    expect((await session.query(`select current_setting('threads'), current_setting('TimeZone')`)).rows).toEqual([[1, 'Asia/Tokyo']]);
    expect((await session.query('from "o t".t')).rows).toEqual([[42]]);
    expect(warehouse.version).toMatch(/^DuckDB v\d/);
    await warehouse.close();
  });

  test('mistakes are explained', async () => {
    expect((await failure({ settings: { threadz: 1 } })).message).toBe(
      'DuckDB does not accept the setting `threadz: 1`: unrecognized configuration parameter "threadz"',
    );
    expect((await failure({ settings: { memory_limit: 'lots' } })).message).toContain('`memory_limit: lots`');
    expect((await failure({ extensions: ['spatial'] })).message).toBe("The DuckDB extension 'spatial' is not installed on this machine.");
    expect((await failure({ attach: [{ alias: 'x' }] })).message).toBe('An entry of `attach` has no `path`.');
    expect((await failure({ attach: [{ path: 'no/where.db', read_only: true }] })).message).toContain('no/where.db');
    // Nothing stays open after a failure.
    expect(await failure({ path: 'left.duckdb', extensions: ['spatial'] })).toBeInstanceOf(ConnectionFailure);
    expect(inAnotherProcess(path.join(root, 'left.duckdb'))).toBe('opened');
  });
});

test('sessions wait for one another, and work side by side', async () => {
  const warehouse = await open({});
  const [a, b] = [await warehouse.session(), await warehouse.session()];
  const order: string[] = [];
  const third = warehouse.session().then((session) => (order.push('third'), session));
  const fourth = warehouse.session().catch((e: unknown) => e);
  await Promise.all([a.run('create table a as from range(1000)'), b.run('create table b as from range(1000)')]);
  order.push('release');
  await a.release();
  expect((await (await third).query('select count(*) from a, b where a.range = b.range')).rows).toEqual([[1000]]);
  expect(order).toEqual(['release', 'third']);
  await warehouse.close();
  expect(await fourth).toBeInstanceOf(ConnectionFailure);
});
