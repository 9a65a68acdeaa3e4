// A network that fails between dwt and a server: connections that are cut at a COMMIT whose answer never comes, that fall silent, or are
// slow. What is not known is said to be unknown, nothing is written twice, and no run waits for ever.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openProject } from '../../src/index.ts';
import { startEngine, type FreshTarget } from '../support/engines.ts';
import { startProxy, type Proxy } from '../support/proxy.ts';
import { ADAPTERS, projectOn, type Project, type Ran } from './project.ts';

describe.each(['postgres', 'mysql'] as const)('the network to %s', async (engine) => {
  const started = await startEngine(engine);
  if (!started.available) {
    test.skip(`is not tried. ${started.reason}`, () => undefined);
    return;
  }
  let proxy: Proxy;
  let target: FreshTarget;
  let p: Project & { remove(): void };
  const said = (ran: Ran): string => ran.stdout + ran.stderr;
  beforeAll(async () => {
    target = await started.fresh();
    proxy = await startProxy(target.url!);
    p = projectOn(engine, target, {
      'models/a_batch.sql': "{{ config(materialized='incremental') }}\nselect 1 as id",
      'models/b_after.sql': "{{ config(materialized='table') }}\nselect id from {{ ref('a_batch') }}",
      'models/c_other.sql': "{{ config(materialized='table') }}\nselect 1 as id",
    });
    settings({});
    await p.good('run');
  });
  afterAll(async () => {
    await proxy.close();
    p.remove();
    await target.drop();
    await started.stop();
  });

  /** The target by way of the proxy. */
  const settings = (more: Record<string, unknown>, history = `{schema: ${p.schema}_runs}`): void => {
    const through = { ...target.target, url: proxy.through(target.url!), sslmode: 'disable', retries: 0, ...more };
    p.write({ 'project.yml': `name: shop\ntarget: dev\nhistory: ${history}\ntargets:\n  dev: ${JSON.stringify(through)}\n` });
  };
  const query = (sql: string): Promise<readonly (readonly unknown[])[]> => p.beside(async (s) => (await s.query(sql)).rows);
  const count = async (table: string): Promise<number> => Number((await query(`select count(*) from ${table}`))[0]![0]);
  const runs = (table: string): string => p.dialect.relation({ database: p.database, schema: `${p.schema}_runs`, identifier: table });
  /** Cuts the first commit of a connection that has written what matches. */
  const cutCommitAfter = (written: RegExp): void => {
    let done = false;
    proxy.cutAt = (sent, before) => {
      if (done || !/\bcommit\b/i.test(sent) || !written.test(before)) return false;
      done = true;
      return true;
    };
  };

  test('that is cut at the commit of a batch: it is said that nobody knows, and nothing is done twice', async () => {
    const before = await count('a_batch');
    cutCommitAfter(/insert into .*a_batch/);
    const cuts = proxy.cuts;
    const ran = await p.dwt('run', '--threads', '1');
    proxy.cutAt = undefined;
    expect(ran.code, said(ran)).toBe(1);
    expect(proxy.cuts).toBe(cuts + 1);
    // The server did commit; a second attempt by dwt itself would have put the row in twice.
    expect(await count('a_batch')).toBe(before + 1);
    expect(said(ran)).toMatch(
      /\[execute\/connection\] The connection .* was lost while model 'a_batch' was committing, so nobody knows whether its changes were made/,
    );
    expect(said(ran)).toMatch(/help: .*look/i);
    expect(said(ran)).toMatch(/PASS=1 .*ERROR=1 SKIP=1/);
    await p.good('run');
  });

  test('that is cut at the commit of the history: each row of it is there once', async () => {
    for (const table of ['runs', 'nodes', 'batches']) {
      cutCommitAfter(new RegExp(`insert into .*${table}`));
      const cuts = proxy.cuts;
      const ran = await p.good('run');
      proxy.cutAt = undefined;
      if (table !== 'runs') expect(proxy.cuts, table).toBe(cuts + 1);
      expect(said(ran)).not.toMatch(/history\/not-written/);
    }
    for (const [table, key] of [
      ['runs', 'run_id'],
      ['nodes', 'run_id, node_id'],
      ['batches', 'run_id, node_id'],
    ] as const)
      expect(await query(`select ${key}, count(*) from ${runs(table)} group by ${key} having count(*) > 1`), table).toEqual([]);
    expect(await query(`select count(*) from ${runs('runs')} where status = 'running'`)).toEqual([[0]]);
    expect(await query(`select count(*) from ${runs('runs')} r where not exists (select 1 from ${runs('nodes')} n where n.run_id = r.run_id)`)).toEqual([[0]]);
  });

  test('that falls silent once the login is done: the wait ends with connect_timeout', async () => {
    settings({ connect_timeout: 2 });
    // The first words of dwt's own in a session.
    proxy.cutAt = (sent) => {
      if (/set timezone|select version\(\)/i.test(sent)) proxy.mode = 'swallow';
      return false;
    };
    const ran = await p.dwt('run');
    proxy.cutAt = undefined;
    proxy.mode = 'pass';
    settings({});
    expect(ran.code, said(ran)).toBe(2);
    expect(said(ran)).toMatch(/did not (answer|let the login end) in time/);
  });

  test('that takes the connection and says nothing: Ctrl-C ends the wait', async () => {
    settings({ connect_timeout: 600 });
    proxy.mode = 'swallow';
    const before = proxy.opened;
    const { child, done } = p.start('run');
    while (proxy.opened === before) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const ran = await done;
    proxy.mode = 'pass';
    proxy.cutAll();
    settings({});
    expect(ran.code, said(ran)).toBe(130);
  });

  test('that falls silent under a statement: Ctrl-C ends the run', async () => {
    settings({ connect_timeout: 2 }, 'false');
    const slow = engine === 'postgres' ? 'select count(pg_sleep(30)) as id' : 'select sleep(30) + count(*) as id from information_schema.tables';
    p.write({ 'models/d_slow.sql': `{{ config(materialized='table') }}\n${slow}` });
    let begun = (): void => undefined;
    const running = new Promise<void>((resolve) => (begun = resolve));
    proxy.cutAt = (sent) => {
      if (/sleep\(30\)/.test(sent)) {
        proxy.mode = 'swallow';
        begun();
      }
      return false;
    };
    const { child, done } = p.start('run', '--select', 'd_slow');
    await running;
    child.kill('SIGINT');
    const ran = await done;
    proxy.cutAt = undefined;
    proxy.mode = 'pass';
    proxy.cutAll();
    p.write({ 'models/d_slow.sql': null });
    settings({});
    expect(ran.code, said(ran)).toBe(130);
    expect(said(ran)).toMatch(/d_slow.* was interrupted/);
  });

  test('that has forgotten the connections an open project kept: new ones are opened', async () => {
    settings({}, 'false');
    const project = openProject({ projectDir: p.root });
    project.keepConnections(true);
    const run = async (): Promise<unknown> => (await (await project.run('run')).finish()).results.map((r) => r.status);
    expect(await run()).toEqual(['success', 'success', 'success']);
    proxy.forget();
    expect(await run()).toEqual(['success', 'success', 'success']);
    await project.close();
    settings({});
  });

  test('that comes up a moment later: as many further attempts as `retries` says', async () => {
    proxy.mode = 'refuse';
    settings({ retries: 0 });
    expect((await p.dwt('run')).code).toBe(2);
    settings({ retries: 5 });
    const before = proxy.opened;
    const { done } = p.start('run');
    while (proxy.opened < before + 2) await new Promise((resolve) => setTimeout(resolve, 20));
    proxy.mode = 'pass';
    const ran = await done;
    settings({});
    expect(ran.code, said(ran)).toBe(0);
  });

  test('that is slow: the run takes its time', async () => {
    proxy.delayMs = 30;
    const ran = await p.dwt('run', '--full-refresh');
    proxy.delayMs = 0;
    expect(ran.code, said(ran)).toBe(0);
  });

  test.runIf(process.platform === 'linux')('is asked for a sign of life after so many idle seconds as the target says', async () => {
    for (const keepalives_idle of [7, 0, undefined]) {
      const w = await ADAPTERS[engine].connect(
        { ...target.target, ...(keepalives_idle === undefined ? {} : { keepalives_idle }), sslmode: 'disable' },
        { root: p.root, threads: 1 },
      );
      const s = await w.session();
      const port =
        engine === 'postgres'
          ? 'select inet_client_port()'
          : "select substring_index(host, ':', -1) from information_schema.processlist where id = connection_id()";
      const local = Number((await s.query(port)).rows[0]![0]);
      // A line has: number, local address and port, remote one, state, queues, timer and when it is due in hundredths of a second.
      const line = readFileSync('/proc/net/tcp', 'utf8')
        .split('\n')
        .find((l) => {
          const [, address, , state] = l.trim().split(/\s+/);
          // An earlier connection of that port may linger.
          return state === '01' && address!.endsWith(`:${local.toString(16).toUpperCase().padStart(4, '0')}`);
        })!;
      const [timer, due] = line.trim().split(/\s+/)[5]!.split(':');
      const seconds = parseInt(due!, 16) / 100;
      expect(timer).toBe('02');
      if (keepalives_idle !== 0) expect(Math.ceil(seconds)).toBeLessThanOrEqual(keepalives_idle ?? 60);
      else expect(seconds).toBeGreaterThan(60);
      await w.close();
    }
  });
});
