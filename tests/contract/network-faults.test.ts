// A network that fails between dwt and a server: connections that are cut at a COMMIT whose answer never comes, that fall silent, or are
// slow. What is not known is said to be unknown, nothing is written twice, and no run waits for ever.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEngine, type FreshTarget } from '../support/engines.ts';
import { startProxy, type Proxy } from '../support/proxy.ts';
import { projectOn, type Project, type Ran } from './project.ts';

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
  const settings = (more: Record<string, unknown>): void => {
    const through = { ...target.target, url: proxy.through(target.url!), sslmode: 'disable', retries: 0, ...more };
    p.write({ 'project.yml': `name: shop\ntarget: dev\nhistory: {schema: ${p.schema}_runs}\ntargets:\n  dev: ${JSON.stringify(through)}\n` });
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
});
