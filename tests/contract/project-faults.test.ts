// A run that is disturbed: Ctrl-C, a connection that is killed, a lock held by somebody else, a deadlock. Each time the run says
// what happened, leaves nothing behind, and the next one completes.
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Session } from '../../src/adapters/adapter.ts';
import { onEveryProject, type Project } from './project.ts';

const SLOW = {
  duckdb: 'select count(*) as n from range(10000000) a, range(10000000) b where a.range * b.range % 7 = 3',
  postgres: 'select count(pg_sleep(30)) as n',
  // MySQL ends a `sleep` without an error.
  mysql:
    'with recursive endless as (select 1 as i union all select i + 1 from endless where i < 1000) select count(*) as n from endless as a, endless as b, endless as c, endless as d',
};

const FILES = {
  'models/quick.sql': "{{ config(materialized='table') }}\nselect 1 as id, 0 as n union all select 2, 0",
  'models/slow.sql': `{{ config(materialized='table') }}\n{% if var('slow', false) %}${Object.entries(SLOW)
    .map(([engine, sql]) => `{% if target.type == '${engine}' %}${sql}{% endif %}`)
    .join('')}{% else %}select 1 as n{% endif %}`,
  'models/slower.sql': "{{ config(materialized='incremental') }}\nselect n from {{ ref('slow') }}",
  'models/after_quick.sql': "{{ config(materialized='incremental', unique_key='id') }}\nselect id, n from {{ ref('quick') }}",
};

/** The server's processes that sleep for us. */
async function sleepers(p: Project, s: Session): Promise<readonly string[]> {
  const sql =
    p.engine === 'postgres'
      ? "select pid from pg_stat_activity where query like '%pg_sleep(30)%' and state = 'active' and pid <> pg_backend_pid() and datname = current_database()"
      : "select id from information_schema.processlist where info like '%endless%' and id <> connection_id() and db = database()";
  return (await s.query(sql)).rows.map((r) => String(r[0]));
}

/** Asks again and again; MariaDB answers questions about locks from memory until nobody asked for a tenth of a second. */
async function until<T>(ask: () => Promise<readonly T[]>): Promise<readonly T[]> {
  for (let i = 0; i < 200; i++) {
    const found = await ask();
    if (found.length > 0) return found;
    await pause(150);
  }
  throw new Error('Nothing happened.');
}

onEveryProject('a run that is disturbed', FILES, (p) => {
  test('by Ctrl-C: the statement stops on the server, nothing is left, the next run completes', async () => {
    await p.good('run');
    const { child, done } = p.start('run', '--vars', '{slow: true}', '--threads', '2', '--select', 'quick', 'slow', 'slower');
    if (p.can.exclusiveFile) {
      await new Promise<void>((seen) => child.stdout!.on('data', (b: Buffer) => b.includes('quick') && seen()));
      await pause(300);
    } else await p.beside(async (s) => until(() => sleepers(p, s)));
    const sent = Date.now();
    child.kill('SIGINT');
    const ran = await done;
    expect(ran.code, ran.stderr).toBe(130);
    expect(Date.now() - sent).toBeLessThan(10_000);
    if (!p.can.exclusiveFile) expect(await p.beside(async (s) => sleepers(p, s))).toEqual([]);
    expect(await p.relations()).toEqual(['after_quick', 'quick', 'slow', 'slower']);
    expect(await p.rows("select n from {{ ref('slow') }}")).toEqual([{ n: 1 }]);
    await p.good('run');
  });

  test('by a connection that is killed: a clear error, and the next run completes', async () => {
    if (p.can.exclusiveFile) return;
    const { done } = p.start('run', '--vars', '{slow: true}', '--threads', '2', '--select', 'slow', 'slower', 'after_quick');
    await p.beside(async (s) => {
      const [pid] = await until(() => sleepers(p, s));
      await s.run(p.engine === 'postgres' ? `select pg_terminate_backend(${pid})` : `kill ${pid}`);
    });
    const ran = await done;
    expect(ran.code).toBe(1);
    expect(ran.stdout + ran.stderr).toMatch(/terminat|connection|gone|closed/i);
    expect(ran.stdout + ran.stderr).not.toMatch(/internal\/bug|password/);
    await p.good('run');
    expect(await p.relations()).toEqual(['after_quick', 'quick', 'slow', 'slower']);
  });

  test('by a lock that somebody else holds: it waits, or says who has the file', async () => {
    await p.beside(async (s) => {
      await s.begin();
      await s.query(p.engine === 'postgres' ? 'lock table quick in access share mode' : 'select * from quick');
      const { done } = p.start('run', '--select', 'quick');
      if (p.can.exclusiveFile) {
        const ran = await done;
        expect(ran.code).toBe(2);
        expect(ran.stderr).toMatch(/in use by .*\(process \d+\)/);
        await s.rollback();
        return;
      }
      const early = await Promise.race([done, pause(1500).then(() => 'waits')]);
      expect(early).toBe('waits');
      await s.commit();
      expect((await done).code).toBe(0);
    });
    await p.good('run', '--select', 'quick');
  });

  test('by a deadlock: the node is tried again', async () => {
    if (p.can.exclusiveFile) return;
    const begin = p.engine === 'postgres' ? "set deadlock_timeout = '2s'; begin" : 'start transaction';
    const hook = `${begin}; update locks set n = n + 1 where id = 1; update locks set n = n + 1 where id = 2; commit`;
    p.write({ 'models/locked.sql': `{{ config(materialized='table', pre_hook={'sql': "${hook}", 'transaction': false}) }}\nselect 1 as id` });
    await p.beside(async (s, warehouse) => {
      const other = await warehouse.session();
      await s.run('create table locks (id integer primary key, n integer)');
      await s.run('insert into locks values (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0)');
      if (p.engine === 'postgres') await s.run("set deadlock_timeout = '60s'");
      await s.begin();
      // The heavier transaction survives.
      await s.run('update locks set n = n + 10 where id >= 2');
      const { done } = p.start('run', '--select', 'locked');
      await until(
        async () =>
          (
            await other.query(
              p.engine === 'postgres'
                ? "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%update locks%' and datname = current_database()"
                : "select 1 from information_schema.innodb_trx where trx_state = 'LOCK WAIT' and trx_query like '%update locks%'",
            )
          ).rows,
      );
      await s.run('update locks set n = n + 10 where id = 1');
      await s.commit();
      const ran = await done;
      expect(ran.code, ran.stdout + ran.stderr).toBe(0);
      expect(ran.stdout + ran.stderr).toMatch(/tried again/);
      expect((await s.query('select n from locks where id < 3 order by id')).rows).toEqual([[11], [11]]);
    });
  });

  test('by another one in the same schema, which makes the same table: what is in the way is told with what to do', async () => {
    if (p.can.exclusiveFile) return;
    // Its pre-hook stands for the other run: this one has read before that what there is.
    p.write({ 'models/rival.sql': `{{ config(materialized='table', pre_hook='create table {{ this }} (n int)') }}\nselect 1 as n` });
    const ran = await p.bad('run', '--select', 'rival');
    expect(ran.stderr).toMatch(/rival\S* already exists/);
    expect(ran.stderr).toContain('If another run builds in the same schema at this moment, let it end; then run this again.');
    p.write({ 'models/rival.sql': null });
    await p.beside((s) => s.run(`drop table if exists ${p.dialect.relation({ database: p.database, schema: p.schema, identifier: 'rival' })}`));
  });
});
