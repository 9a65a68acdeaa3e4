// A server that fails under a run, real and of the test's own: killed, started again, full, read-only, slow, and what a user may not do.
// Each time the run ends by itself with a message for the person, without a stack trace; the next one completes and nothing is left over.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session, Warehouse } from '../../src/adapters/adapter.ts';
import { ConnectionFailure } from '../../src/adapters/failures.ts';
import { freshOn, requiredEngines, type FreshTarget } from '../support/engines.ts';
import { EngineMissing, startMariaDb, startPostgres, type TestServer } from '../support/engines-servers.ts';
import { ADAPTERS, projectOn, type Project, type Ran } from './project.ts';

/** Connections that the server takes. */
const PLACES = 10;
const SERVERS = {
  postgres: () => startPostgres({ settings: [`max_connections=${PLACES}`, 'superuser_reserved_connections=0', 'max_wal_senders=0', 'max_worker_processes=0'] }),
  mysql: () => startMariaDb({ settings: [`max-connections=${PLACES}`] }),
};
const SLOW = {
  postgres: 'select count(pg_sleep(30)) as n',
  mysql: 'select sleep(30) + count(*) as n from information_schema.tables',
};

const table = (sql: string): string => `{{ config(materialized='table') }}\n${sql}`;
const files = (engine: 'postgres' | 'mysql'): Record<string, string> => ({
  'models/a_quick.sql': table('select 1 as id'),
  'models/b_slow.sql': table(`{% if var('slow', false) %}${SLOW[engine]}{% else %}select 1 as n{% endif %}`),
  'models/c_after.sql': table("select n from {{ ref('b_slow') }}"),
  'models/d_later.sql': "{{ config(materialized='incremental') }}\nselect 1 as id",
  'models/e_later.sql': table('select 1 as id'),
});
const ALL = ['a_quick', 'b_slow', 'c_after', 'd_later', 'e_later'];

describe.each(['postgres', 'mysql'] as const)('a server of %s', async (engine) => {
  let server: TestServer;
  try {
    server = await SERVERS[engine]();
  } catch (e) {
    if (!(e instanceof EngineMissing) || requiredEngines().includes(engine)) throw e;
    test.skip(`is missing. ${e.message}`, () => undefined);
    return;
  }
  let target: FreshTarget;
  let p: Project & { remove(): void };
  beforeAll(async () => {
    target = await freshOn(engine, server.url);
    p = projectOn(engine, target, files(engine));
  });
  afterAll(async () => {
    p?.remove();
    await server.stop();
  });

  const said = (ran: Ran): string => `${ran.stdout}${ran.stderr}`;
  const ends = (ran: Ran, code: number, message: RegExp): void => {
    expect(ran.code, said(ran)).toBe(code);
    expect(said(ran)).toMatch(message);
    expect(said(ran)).not.toMatch(/internal\/bug|\n\s+at .+:\d+:\d+|dwt-test|sEcr3t/);
  };
  /** The target with other settings, in place of the project's own. */
  const withSettings = (settings: Record<string, unknown>): void =>
    p.write({ 'project.yml': `name: shop\ntarget: dev\ntargets:\n  dev: ${JSON.stringify({ ...target.target, ...settings })}\n` });
  const usual = (): void => withSettings({});
  const processes = async (s: Session, like: string): Promise<readonly number[]> => {
    const sql =
      engine === 'postgres'
        ? `select pid from pg_stat_activity where query ilike '${like}' and state = 'active' and pid <> pg_backend_pid()`
        : `select id from information_schema.processlist where info like '${like}' and id <> connection_id()`;
    return (await s.query(sql)).rows.map(([id]) => Number(id));
  };
  const until = async (ask: () => Promise<readonly number[]>, every = 50): Promise<number> => {
    for (let i = 0; i < 20_000 / every; i++) {
      const [found] = await ask();
      if (found !== undefined) return found;
      await pause(every);
    }
    throw new Error('Nothing happened.');
  };
  const sleeping = async (): Promise<number> => p.beside((s) => until(() => processes(s, '%sleep(30)%')));
  const completes = async (): Promise<void> => {
    await p.good('run');
    expect(await p.relations()).toEqual(ALL);
  };

  test('that is killed and stays away: the node fails, the rest is skipped, the next run completes', async () => {
    await completes();
    const { done } = p.start('run', '--vars', '{slow: true}', '--threads', '1');
    await sleeping();
    await server.kill();
    const ran = await done;
    ends(ran, 1, /execute\/connection\] The connection to the warehouse was lost at model 'b_slow'/);
    expect(said(ran)).toMatch(/No (PostgreSQL|MySQL or MariaDB) server answers/);
    expect(said(ran)).toMatch(/ERROR=2 SKIP=3/);
    expect((await p.dwt('run')).code).toBe(2);
    await server.start();
    await completes();
  });

  test('that is killed and comes back: what needs the node is skipped, the rest is built', async () => {
    withSettings({ retries: 6 });
    const { done } = p.start('run', '--vars', '{slow: true}', '--threads', '1');
    await sleeping();
    await server.kill();
    await server.start();
    const ran = await done;
    ends(ran, 1, /connection to the warehouse was lost at model 'b_slow'/);
    expect(said(ran)).toMatch(/PASS=3 .*ERROR=1 SKIP=1/);
    usual();
    await completes();
  });

  test('of which one process is killed, so that all are ended', async () => {
    if (engine !== 'postgres') return;
    withSettings({ retries: 6 });
    const { done } = p.start('run', '--vars', '{slow: true}', '--threads', '2');
    process.kill(await sleeping(), 'SIGKILL');
    const ran = await done;
    ends(ran, 1, /connection to the warehouse was lost at model 'b_slow'/);
    usual();
    await completes();
  });

  /** Takes all connections but so many. Without TLS, as asking for it takes a place of its own on MariaDB. */
  const filled = async (left: number, work: () => Promise<void>): Promise<void> => {
    const held: Warehouse[] = [];
    withSettings({ sslmode: 'disable' });
    try {
      // Twice in a row, as a connection that was closed just before takes a place for a moment.
      let refusals = 0;
      while (refusals < 2) {
        await ADAPTERS[engine].connect({ ...target.target, sslmode: 'disable', retries: 0 }, { root: p.root, threads: 1 }).then(
          (w) => {
            held.push(w);
            refusals = 0;
          },
          async (e: unknown) => {
            expect(e).toBeInstanceOf(ConnectionFailure);
            refusals++;
            await pause(300);
          },
        );
      }
      for (const w of held.splice(0, left)) await w.close();
      // The server takes a moment to notice.
      await pause(300);
      await work();
    } finally {
      for (const w of held) await w.close();
      await pause(300);
      usual();
    }
  };

  test('that is full takes no run, and says why', async () => {
    await filled(0, async () => {
      const ran = await p.dwt('run');
      ends(ran, 2, /has no free connection: .*[\s\S]*Lower `threads`, or raise its max_connections/);
    });
    await completes();
  });

  test('that has fewer places than there are threads: those work that have one', async () => {
    await filled(2, async () => {
      const ran = await p.good('run', '--threads', '6');
      expect(said(ran)).toMatch(/Thread \d works no more: The server at .* has no free connection/);
      expect(said(ran)).toMatch(/PASS=5/);
    });
    await completes();
  });

  test('where somebody else holds a lock: the message says so, once the time for it is over', async () => {
    withSettings({ session: [engine === 'postgres' ? "set lock_timeout = '100ms'" : 'set session lock_wait_timeout = 1, innodb_lock_wait_timeout = 1'] });
    await p.beside(async (s) => {
      await s.begin();
      await s.query(engine === 'postgres' ? 'lock table a_quick in access share mode' : 'select * from a_quick');
      ends(await p.dwt('run', '--select', 'a_quick'), 1, /lock[\s\S]*Another session holds a lock/i);
      await s.rollback();
    });
    usual();
    await completes();
  });

  test('where a statement takes longer than it may: that node fails', async () => {
    withSettings({ statement_timeout: 500 });
    const ran = await p.dwt('run', '--vars', '{slow: true}');
    ends(ran, 1, /timeout|max_statement_time/i);
    expect(said(ran)).toMatch(/PASS=3 .*ERROR=1 SKIP=1/);
    usual();
    await completes();
  });

  test('that loses the connection while a seed streams: the old table stands, and the next run loads it', async () => {
    const rows = (n: number): string => `id,text\n${Array.from({ length: n }, (_, i) => `${i},a text of some length for row ${i}`).join('\n')}\n`;
    p.write({ 'seeds/big.csv': rows(2) });
    await p.good('seed');
    writeFileSync(join(p.root, 'seeds/big.csv'), rows(1_000_000));
    for (const more of [[], ['--full-refresh']]) {
      const { done } = p.start('seed', ...more);
      await p.beside(async (s) => {
        const pid = await until(() => processes(s, engine === 'postgres' ? 'copy%' : 'load data%'), 5);
        await s.run(engine === 'postgres' ? `select pg_terminate_backend(${pid})` : `kill ${pid}`);
      });
      ends(await done, 1, /execute\/connection\] The connection to the warehouse was lost at seed 'big'/);
      expect(await p.rows("select count(*) as n from {{ ref('big') }}")).toEqual([{ n: 2 }]);
      expect(await p.relations()).toEqual(['a_quick', 'b_slow', 'big', 'c_after', 'd_later', 'e_later']);
    }
    await p.good('seed');
    expect(await p.rows("select count(*) as n from {{ ref('big') }}")).toEqual([{ n: 1_000_000 }]);
    p.write({ 'seeds/big.csv': null });
    await p.beside((s) => s.run('drop table big'));
  });

  test('that only reads: the node says so', async () => {
    if (engine === 'postgres') {
      await p.beside((s) => s.run(`alter database "${p.database}" set default_transaction_read_only = on`));
      ends(await p.dwt('run', '--select', 'a_quick'), 1, /read-only transaction/);
      await p.beside(async (s) => {
        await s.run('set session characteristics as transaction read write');
        await s.run(`alter database "${p.database}" reset default_transaction_read_only`);
      });
    } else {
      await p.beside((s) => s.run(`create user 'writer'@'%' identified by 'sEcr3t'; grant all on \`${p.schema}\`.* to 'writer'@'%'; set global read_only = 1`));
      withSettings({ user: 'writer', password: 'sEcr3t' });
      ends(await p.dwt('run', '--select', 'a_quick'), 1, /read-only/);
      await p.beside((s) => s.run(`set global read_only = 0; drop user 'writer'@'%'`));
    }
    usual();
    await completes();
  });

  test('that lets the user do less than the run needs', async () => {
    await p.beside((s) =>
      s.run(
        engine === 'postgres'
          ? "create role poor login password 'sEcr3t'; revoke create on schema public from public; grant select on all tables in schema public to poor"
          : `create user 'poor'@'%' identified by 'sEcr3t'; grant select on \`${p.schema}\`.* to 'poor'@'%'`,
      ),
    );
    withSettings({ user: 'poor', password: 'sEcr3t' });
    ends(await p.dwt('run', '--select', 'a_quick', 'd_later'), 1, /a_quick[\s\S]*(permission denied|denied to user)/);
    withSettings({ user: 'poor', password: 'sEcr3t', schema: 'no_such_schema' });
    const ran = await p.dwt('run', '--select', 'a_quick');
    ends(ran, 1, /The schema could not be prepared: .*(permission denied|Access denied)/i);
    usual();
    await completes();
  });
});
