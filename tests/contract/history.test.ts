// The run history, the same on every engine: what is recorded, read back and forgotten, and what stands in its way. Its schema
// is named after the project's, so that tests on one server do not share it.
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Session } from '../../src/adapters/adapter.ts';
import { openProject } from '../../src/index.ts';
import { onEveryProject, type Project, type Row } from './project.ts';

const SLOW = {
  duckdb: 'select count(*) as n from range(10000000) a, range(10000000) b where a.range * b.range % 7 = 3',
  postgres: 'select count(pg_sleep(30)) as n',
  mysql: 'select sleep(30) + count(*) as n from information_schema.tables',
};

const FILES = {
  'seeds/raw.csv': 'id,amount\n1,10\n2,20\n3,30\n',
  'models/clean.sql': "select id, amount from {{ ref('raw') }}",
  'models/total.sql':
    "{{ config(materialized='table') }}\nselect {{ total('amount') }} as total from {{ ref('clean') }}{% if var('broken', false) %} where no_such_column{% endif %}",
  'models/after.sql': "{{ config(materialized='incremental') }}\nselect total from {{ ref('total') }}",
  'models/slow.sql': `{{ config(materialized='table') }}\n{% if var('slow', false) %}${Object.entries(SLOW)
    .map(([engine, sql]) => `{% if target.type == '${engine}' %}${sql}{% endif %}`)
    .join('')}{% else %}select 1 as n{% endif %}`,
  'models/schema.yml': 'models:\n  - name: clean\n    columns:\n      - name: id\n        data_tests: [unique]\n',
  'macros/total.sql': '{% macro total(column) %}{{ summed(column) }}{% endmacro %}\n{% macro other() %}1{% endmacro %}',
  'macros/summed.sql': '{% macro summed(column) %}sum({{ column }}){% endmacro %}',
};

const CONFIG = 'history:\n  schema: "{{ target.schema }}_history"\n';

const RUNS = "{{ source('dwt_history', 'runs') }}";
const NODES = "{{ source('dwt_history', 'nodes') }}";

/** The last run, and one column or more of it. */
const lastRun = (p: Project, columns: string): Promise<readonly Row[]> => p.rows(`select ${columns} from ${RUNS} order by started_at desc limit 1`);

/** A table of the history, as the engine names it. */
const table = (p: Project, name: string): string => p.dialect.relation({ database: p.database, schema: `${p.schema}_history`, identifier: name });

async function sleeps(p: Project, s: Session): Promise<void> {
  const sql =
    p.engine === 'postgres'
      ? "select 1 from pg_stat_activity where query like '%pg_sleep(30)%' and state = 'active' and pid <> pg_backend_pid() and datname = current_database()"
      : "select 1 from information_schema.processlist where info like '%sleep(30)%' and id <> connection_id() and db = database()";
  for (let i = 0; i < 200; i++) {
    if ((await s.query(sql)).rows.length > 0) return;
    await pause(100);
  }
  throw new Error('Nothing sleeps.');
}

/** Ends what sleeps on the server: a process that was killed leaves it behind. */
async function wake(p: Project, s: Session): Promise<void> {
  if (p.engine === 'postgres')
    await s.run(
      "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(30)%' and pid <> pg_backend_pid() and datname = current_database()",
    );
  else
    for (const [id] of (
      await s.query("select id from information_schema.processlist where info like '%sleep(30)%' and id <> connection_id() and db = database()")
    ).rows)
      await s.run(`kill ${String(id)}`);
}

onEveryProject(
  'the run history',
  FILES,
  (p) => {
    test('is made by two runs at once', async () => {
      const first = p.start('run', '--select', 'slow');
      if (!p.can.exclusiveFile) {
        const second = await p.start('seed', '--target-path', 'target/second').done;
        expect(second.stderr).not.toMatch(/history/);
        expect(second.code).toBe(0);
      }
      const ran = await first.done;
      expect(ran.stderr).not.toMatch(/history/);
      expect(ran.code, ran.stderr).toBe(0);
      expect(await p.rows(`select command, status from ${RUNS}`)).toEqual(
        p.can.exclusiveFile
          ? [{ command: 'run', status: 'success' }]
          : [
              { command: 'run', status: 'success' },
              { command: 'seed', status: 'success' },
            ],
      );
    });

    test('has the run, its nodes, what it loaded and what its data tests found', async () => {
      await p.good('build');
      expect(await lastRun(p, 'command, project, target, target_schema, status, nodes, succeeded, failed, warned, skipped, message')).toEqual([
        {
          command: 'build',
          project: 'shop',
          target: 'dev',
          target_schema: p.schema,
          status: 'success',
          nodes: 6,
          succeeded: 6,
          failed: 0,
          warned: 0,
          skipped: 0,
          message: null,
        },
      ]);
      const of = (name: string, columns: string): string =>
        `select ${columns} from {{ source('dwt_history', '${name}') }} t inner join ${RUNS} r on r.run_id = t.run_id where r.command = 'build'`;
      const found = await p.read({
        nodes: of('nodes', 't.resource_type, t.name, t.status, t.rows_affected'),
        batches: of('batches', 't.node_id, t.status, t.rows_affected, case when t.batch_id = r.batch_id then 1 else 0 end as same, t.message'),
        tests: of('test_results', 't.name, t.node_id, t.column_name, t.severity, t.status, t.failures'),
      });
      expect(found.nodes).toEqual([
        { resource_type: 'model', name: 'after', status: 'success', rows_affected: 1 },
        { resource_type: 'model', name: 'clean', status: 'success', rows_affected: null },
        { resource_type: 'model', name: 'slow', status: 'success', rows_affected: 1 },
        { resource_type: 'model', name: 'total', status: 'success', rows_affected: 1 },
        { resource_type: 'seed', name: 'raw', status: 'success', rows_affected: 3 },
        { resource_type: 'test', name: 'unique_clean_id', status: 'pass', rows_affected: null },
      ]);
      expect(found.batches.map((b) => [b['node_id'], b['status'], b['rows_affected'], b['same']])).toEqual([
        ['model.shop.after', 'success', 1, 1],
        ['model.shop.slow', 'success', 1, 1],
        ['model.shop.total', 'success', 1, 1],
        ['seed.shop.raw', 'success', 3, 1],
      ]);
      expect(found.tests).toEqual([
        { name: 'unique_clean_id', node_id: 'model.shop.clean', column_name: 'id', severity: 'error', status: 'pass', failures: 0 },
      ]);
      expect(await lastRun(p, 'case when ended_at >= started_at then 1 else 0 end as good')).toEqual([{ good: 1 }]);
    });

    test('has a run that failed, with the engine’s message', async () => {
      await p.bad('run', '--vars', '{broken: true}', '--select', 'total', 'after');
      const [run] = await lastRun(p, 'status, failed, skipped, message');
      expect(run).toEqual({ status: 'failed', failed: 1, skipped: 1, message: expect.stringMatching(/^model 'total': .*no_such_column/) });
      const [batch] = await p.rows("select node_id, rows_affected, message from {{ source('dwt_history', 'batches') }} where status = 'error'");
      expect(batch).toEqual({ node_id: 'model.shop.total', rows_affected: null, message: expect.stringMatching(/no_such_column/) });
    });

    test('has a run that Ctrl-C ended', async () => {
      const { child, done } = p.start('run', '--vars', '{slow: true}', '--select', 'slow');
      if (p.can.exclusiveFile) {
        await new Promise<void>((seen) => child.stderr!.on('data', (b: Buffer) => b.includes('dwt run') && seen()));
        await pause(1500);
      } else await p.beside((s) => sleeps(p, s));
      child.kill('SIGINT');
      expect((await done).code).toBe(130);
      expect(await lastRun(p, 'status, nodes, failed, message')).toEqual([
        { status: 'interrupted', nodes: 1, failed: 1, message: "model 'slow': interrupted" },
      ]);
    });

    test('finds runs that ended without a word, and leaves alone those that may still run', async () => {
      const { child, done } = p.start('run', '--vars', '{slow: true}', '--select', 'slow');
      if (p.can.exclusiveFile) {
        await new Promise<void>((seen) => child.stderr!.on('data', (b: Buffer) => b.includes('dwt run') && seen()));
        await pause(1500);
      } else await p.beside((s) => sleeps(p, s));
      child.kill('SIGKILL');
      await done;
      if (!p.can.exclusiveFile) await p.beside((s) => wake(p, s));
      await p.beside(async (s) => {
        const columns = 'run_id, project, target, target_schema, command, status, host, pid, started_at';
        const values = (id: string, target: string, host: string, at: Date): string =>
          `('${id}', 'shop', '${target}', '${p.schema}', 'build', 'running', '${host}', 1, ${p.dialect.timestampLiteral(at.toISOString())})`;
        const now = Date.now();
        await s.run(
          `insert into ${table(p, 'runs')} (${columns}) values ${[
            values('yesterday', 'dev', 'elsewhere', new Date(now - 25 * 3_600_000)),
            values('today', 'dev', 'elsewhere', new Date(now - 3_600_000)),
            values('another', 'prod', 'elsewhere', new Date(now - 25 * 3_600_000)),
          ].join(', ')}`,
        );
      });
      await p.good('run', '--select', 'slow');
      expect(await p.rows(`select run_id, status from ${RUNS} where host = 'elsewhere'`)).toEqual([
        { run_id: 'another', status: 'running' },
        { run_id: 'today', status: 'running' },
        { run_id: 'yesterday', status: 'lost' },
      ]);
      expect(await p.rows(`select status, count(*) as n from ${RUNS} where host <> 'elsewhere' and status in ('lost', 'running') group by status`)).toEqual([
        { status: 'lost', n: 1 },
      ]);
    });

    test('forgets runs of this target that are older than is wished', async () => {
      await p.beside((s) => s.run(`update ${table(p, 'runs')} set started_at = ${p.dialect.timestampLiteral('2020-01-01T00:00:00Z')} where command = 'build'`));
      const before = await p.rows(`select count(*) as n from ${RUNS} where command = 'build' and target = 'dev'`);
      expect(before).toEqual([{ n: 3 }]);
      await p.good('test');
      expect(await p.rows(`select run_id, target from ${RUNS} where command = 'build'`)).toEqual([{ run_id: 'another', target: 'prod' }]);
      const left = ['nodes', 'batches', 'test_results'].map(
        (t) =>
          `select '${t}' as t, count(*) as n from {{ source('dwt_history', '${t}') }} x where not exists (select 1 from ${RUNS} r where r.run_id = x.run_id)`,
      );
      expect(await p.rows(left.join(' union all '))).toEqual([
        { t: 'batches', n: 0 },
        { t: 'nodes', n: 0 },
        { t: 'test_results', n: 0 },
      ]);
    });

    test('knows what each node was when it last went well', async () => {
      await p.good('build');
      const lastGood = async (): Promise<ReadonlyMap<string, { codeVersion: string | null; rows: number | null }>> => {
        const project = openProject({ projectDir: p.root });
        const history = (await project.history())!;
        const found = await history.lastGood();
        await project.close();
        return found;
      };
      const before = await lastGood();
      expect([...before.keys()].toSorted().map((id) => id.replace(/\.[0-9a-f]{10}$/, ''))).toEqual([
        'model.shop.after',
        'model.shop.clean',
        'model.shop.slow',
        'model.shop.total',
        'seed.shop.raw',
        'test.shop.unique_clean_id',
      ]);
      expect(before.get('seed.shop.raw')!.rows).toBe(3);
      await p.bad('run', '--vars', '{broken: true}', '--select', 'total');
      expect(await lastGood()).toEqual(before);
      // A macro behind a macro.
      p.write({ 'macros/summed.sql': '{% macro summed(column) %}0 + sum({{ column }}){% endmacro %}' });
      await p.good('run');
      const after = await lastGood();
      const changed = [...after].filter(([id, now]) => now.codeVersion !== before.get(id)?.codeVersion).map(([id]) => id);
      expect(changed).toEqual(['model.shop.total']);
      expect((await p.good('history', '--node', 'total')).stdout).toMatch(/│ changed │/);
      expect((await p.good('history', '--node', 'clean')).stdout).not.toMatch(/│ changed │/);
    });

    test('gets the columns and the tables that an earlier version did not have', async () => {
      await p.beside(async (s) => {
        for (const column of ['warned', 'host']) await s.run(`alter table ${table(p, 'runs')} drop column ${column}`);
        await s.run(`drop table ${table(p, 'test_results')}`);
      });
      const ran = await p.good('test');
      expect(ran.stderr).not.toMatch(/history/);
      expect(await lastRun(p, "warned, case when host = '' then 0 else 1 end as host")).toEqual([{ warned: 0, host: 1 }]);
      expect(await p.rows("select status from {{ source('dwt_history', 'test_results') }}")).toEqual([{ status: 'pass' }]);
    });

    test('keeps odd texts as they are', async () => {
      p.write({ 'models/odd.sql': `{{ exceptions.raise_compiler_error("It's a \\\\ 'quote'; ☃ 𝄞 \\"x\\" -- {} $1 ? :a") if execute }} select 1 as id` });
      await p.bad('run', '--select', 'odd');
      expect(await p.rows(`select message from ${NODES} where name = 'odd'`)).toEqual([{ message: `It's a \\ 'quote'; ☃ 𝄞 "x" -- {} $1 ? :a` }]);
      p.write({ 'models/odd.sql': null });
    });

    test('comes back after its connection was cut', async () => {
      if (p.engine !== 'postgres') return;
      const { done } = p.start('run', '--vars', '{slow: true}', '--select', 'slow', 'clean', '--threads', '1');
      await p.beside(async (s) => {
        await sleeps(p, s);
        const idle = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and state = 'idle'`;
        expect((await s.query(idle)).rows).not.toEqual([]);
        await s.run("select pg_cancel_backend(pid) from pg_stat_activity where query like '%pg_sleep(30)%' and pid <> pg_backend_pid()");
      });
      const ran = await done;
      expect(ran.stderr).not.toMatch(/history/);
      expect(await lastRun(p, 'status, nodes')).toEqual([{ status: 'failed', nodes: 2 }]);
      expect(
        await p.rows(
          `select count(*) as n from ${NODES} n where run_id in (select run_id from ${RUNS} where nodes = 2 and command = 'run' and status = 'failed')`,
        ),
      ).toEqual([{ n: expect.any(Number) }]);
    });

    test('that somebody else has locked is not waited for for ever', async () => {
      if (p.can.exclusiveFile) return;
      await p.beside(async (s) => {
        if (p.engine === 'postgres') {
          await s.begin();
          await s.run(`lock table ${table(p, 'runs')} in access exclusive mode`);
        } else await s.run(`lock tables ${table(p, 'runs')} write`);
        const ran = await p.good('run', '--select', 'clean');
        expect(ran.stderr).toMatch(/warning\[history\/not-written\] .* did not answer within/);
        await (p.engine === 'postgres' ? s.rollback() : s.run('unlock tables'));
      });
      expect((await p.good('run', '--select', 'clean')).stderr).not.toMatch(/history/);
    });

    test('that may not be written is a warning, and the run goes on', async () => {
      if (p.can.exclusiveFile) return;
      const user = `${p.schema.slice(0, 20)}_${Math.random().toString(36).slice(2, 8)}`;
      const url = new URL(String(p.target.url));
      await p.beside(async (s) => {
        const own = p.dialect.quote(p.schema);
        for (const sql of p.engine === 'postgres'
          ? [
              `create role ${user} login password 'pw-${user}'`,
              `grant usage, create on schema ${own} to ${user}`,
              `grant all on all tables in schema ${own} to ${user}`,
            ]
          : [`create user '${user}'@'%' identified by 'pw-${user}'`, `grant all on ${own}.* to '${user}'@'%'`])
          await s.run(sql);
      });
      url.username = user;
      url.password = `pw-${user}`;
      p.write({
        'project.yml': `name: shop\ntarget: dev\ntargets:\n  dev: ${JSON.stringify({ ...p.target.target, url: url.href })}\n${CONFIG}`,
        'models/mine.sql': "{{ config(materialized='table') }}\nselect 1 as id",
      });
      const ran = await p.good('run', '--select', 'mine');
      expect(ran.stderr.match(/warning\[history\/not-written\]/g)).toHaveLength(1);
      expect(ran.stderr).toMatch(
        /help: Let the target's user make and write the schema \w+_history, or turn the history off: history: false in project\.yml\./,
      );
      expect(ran.stderr).not.toContain(`pw-${user}`);
      p.write({ 'project.yml': `name: shop\ntarget: dev\ntargets:\n  dev: ${JSON.stringify({ ...p.target.target, url: url.href })}\nhistory: false\n` });
      expect((await p.good('run', '--select', 'mine')).stderr).not.toMatch(/history/);
      p.write({ 'project.yml': `name: shop\ntarget: dev\ntargets:\n  dev: ${JSON.stringify(p.target.target)}\n${CONFIG}` });
      await p.beside(async (s) => {
        for (const sql of p.engine === 'postgres' ? [`drop owned by ${user} cascade`, `drop role ${user}`] : [`drop user '${user}'@'%'`]) await s.run(sql);
      });
    });
  },
  CONFIG,
);
