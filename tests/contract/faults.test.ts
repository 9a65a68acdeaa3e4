// What goes wrong: errors tell where and what kind, a statement can be cancelled, and a warehouse outlives its connections.
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Session } from '../../src/adapters/adapter.ts';
import { StatementFailure } from '../../src/adapters/failures.ts';
import { onEveryEngine } from './engine.ts';

/** MySQL ends a `sleep` without an error. */
const LONG_ON_MYSQL = `with recursive endless as (select 1 as i union all select i + 1 from endless where i < 1000)
select count(*) from endless as a, endless as b, endless as c, endless as d`;

onEveryEngine('errors', (bench) => {
  const failure = async (sql: string, session: Session = bench.session): Promise<StatementFailure> => {
    const e: unknown = await session.run(sql).catch((thrown: unknown) => thrown);
    expect(e).toBeInstanceOf(StatementFailure);
    return e as StatementFailure;
  };

  test('a syntax error has its line', async () => {
    const e = await failure('select 1 as a,\n  2 as b\nfrm nowhere\n');
    expect(e.line).toBe(3);
    expect([e.cancelled, e.retryable, e.disconnected]).toEqual([false, false, false]);
  });

  test('a missing table is named', async () => {
    const e = await failure(`select *\nfrom ${bench.dialect.relation(bench.at('no_such_table'))}`);
    expect(e.message).toContain('no_such_table');
    expect(e.engineCode).toBeTruthy();
  });

  test('the session works on after an error', async () => {
    await failure('select nonsense');
    expect(await bench.rows('select 1')).toEqual([[1]]);
  });

  test('a statement is cancelled from elsewhere, and the session lives', async () => {
    const session = await bench.warehouse.session();
    const long =
      bench.name === 'postgres'
        ? 'select pg_sleep(30)'
        : bench.name === 'mysql'
          ? LONG_ON_MYSQL
          : `select count(*) from range(10000000) a, range(10000000) b where a.range * b.range % 7 = 3`;
    const running = failure(long, session);
    await pause(150);
    const started = Date.now();
    await session.cancel();
    expect((await running).cancelled).toBe(true);
    expect(Date.now() - started).toBeLessThan(3000);
    await session.cancel();
    expect((await session.query('select 1')).rows).toEqual([[1]]);
    if (bench.name !== 'duckdb') {
      const list =
        bench.name === 'postgres'
          ? "select count(*) from pg_stat_activity where query like '%pg_sleep(30)%' and state = 'active' and pid <> pg_backend_pid()"
          : "select count(*) from information_schema.processlist where info like '%endless%' and id <> connection_id()";
      expect(await bench.rows(list)).toEqual([[0]]);
    }
    await session.release();
  });

  test('a deadlock can be repeated', async () => {
    if (bench.can.exclusiveFile) return;
    const d = bench.dialect;
    const r = await bench.table('deadlock', 'select 1 as id, 0 as n union all select 2, 0');
    await bench.session.run(d.createIndex(r, { columns: ['id'], unique: true }));
    const [one, two] = [await bench.warehouse.session(), await bench.warehouse.session()];
    const touch = (id: number): string => `update ${d.relation(r)} set n = n + 1 where id = ${id}`;
    await one.begin();
    await two.begin();
    await one.run(touch(1));
    await two.run(touch(2));
    const results = await Promise.allSettled([one.run(touch(2)), two.run(touch(1))]);
    const lost = results.filter((x) => x.status === 'rejected').map((x) => x.reason as StatementFailure);
    expect(lost).toHaveLength(1);
    expect(lost[0]).toMatchObject({ retryable: true, disconnected: false, cancelled: false });
    for (const s of [one, two]) {
      await s.rollback();
      await s.release();
    }
  });

  test('a connection that is gone is told as such, and the pool opens another', async () => {
    if (bench.name === 'duckdb') return;
    const [pid, kill] = bench.name === 'postgres' ? ['pg_backend_pid()', 'select pg_terminate_backend(%)'] : ['connection_id()', 'kill %'];
    for (const idle of [false, true]) {
      const session = await bench.warehouse.session();
      const id = String((await session.query(`select ${pid}`)).rows[0]![0]);
      if (idle) await session.release();
      await bench.session.run(kill.replace('%', id));
      await pause(100);
      if (!idle) {
        expect(await failure('select 1', session)).toMatchObject({ disconnected: true });
        await session.release();
      }
      const next = await bench.warehouse.session();
      expect((await next.query('select 1')).rows).toEqual([[1]]);
      await next.release();
    }
  });

  test('closing the warehouse ends what runs, and can be done twice', async () => {
    if (bench.can.exclusiveFile) return;
    const warehouse = await bench.adapter.connect(bench.target, { root: process.cwd(), threads: 2 });
    const session = await warehouse.session();
    const running = failure(bench.name === 'postgres' ? 'select pg_sleep(30)' : LONG_ON_MYSQL, session);
    await pause(100);
    await warehouse.close();
    await warehouse.close();
    const e = await running;
    expect(e.cancelled || e.disconnected).toBe(true);
  });
});
