// A DuckDB file whose indexes another program left broken, after a kill: the error that ends the database is told once, at the node whose
// statement it was; the rest is skipped; and the next build passes.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { dwt } from './support/cli.ts';
import { ask } from './support/project.ts';

const MODEL =
  "{{ config(materialized='incremental', unique_key='k', indexes=[{'columns': ['k'], 'unique': true}, {'columns': ['name']}]) }}\n" +
  "select range::int as k, range || '{{ var('v', '') }}' as name from range(600)\n";

let root: string;
let file: string;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'dwt-ended-'));
  file = join(root, 'w.duckdb');
  mkdirSync(join(root, 'models'));
  writeFileSync(join(root, 'project.yml'), 'name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: w.duckdb, threads: 4}\n');
  writeFileSync(join(root, 'models/dim.sql'), MODEL);
  writeFileSync(join(root, 'models/fact.sql'), "select count(*) as n from {{ ref('dim') }}\n");
  for (let i = 0; i < 12; i++)
    writeFileSync(join(root, `models/other_${i}.sql`), "{{ config(materialized='table') }}\nselect sum(range) as n from range(60000000)\n");
  expect(await dwt(['build', '-s', 'dim'], { cwd: root })).toMatchObject({ exit: 0 });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Runs statements in a process that ends by closing the file, or is killed. */
function elsewhere(ending: 'closes' | 'is killed', ...statements: readonly string[]): void {
  const script = `
    const { DuckDBInstance } = require('@duckdb/node-api');
    (async () => {
      const i = await DuckDBInstance.create(${JSON.stringify(file)});
      const c = await i.connect();
      for (const sql of ${JSON.stringify(statements)}) await c.run(sql);
      if (${ending === 'is killed'}) process.kill(process.pid, 'SIGKILL');
      c.closeSync();
      i.closeSync();
    })().catch((e) => { console.error(e); process.exit(9); });`;
  const { status, signal, stderr } = spawnSync(process.execPath, ['--eval', script], { cwd: resolve('.'), encoding: 'utf8' });
  expect([status, signal], stderr).toEqual(ending === 'closes' ? [0, null] : [null, 'SIGKILL']);
}

it.each([
  {
    what: 'does not hold rows of its table, which ends the database',
    statements: ['create temp table kept as from dim', 'delete from dim where k > 5', 'checkpoint', 'insert into dim from kept where k > 5'],
    message: 'DuckDB stopped: an index does not hold the rows of its table.',
    help: 'The indexes are made anew when this run ends: run it again.',
    ends: true,
  },
  {
    what: 'holds rows that are gone',
    statements: ['create temp table kept as from dim', 'delete from dim where k > 5', 'insert into dim from kept where k > 5', 'delete from dim where k > 300'],
    message: 'Duplicate key "k: 6" violates unique constraint.',
    help: 'If no key is double, the index is broken: it is made anew when this run ends, so run it again.',
    ends: false,
  },
])('an index that $what, is told once and made anew', async ({ statements, message, help, ends }) => {
  elsewhere('is killed', ...statements);
  elsewhere('closes', 'select 1');
  const vars = ['--vars', '{v: x}'];
  const { exit, stdout, stderr } = await dwt(['build', ...vars], { cwd: root });
  expect(exit, stderr).toBe(1);
  const errors = stderr.match(/^error[\s\S]*?(?=\n\n)/gm) ?? [];
  expect(errors).toEqual([`error[execute/sql-failed] ${message}\n  --> models/dim.sql:1:1\n    |\n  1 | ${MODEL.split('\n')[0]}\n    | ^\n  help: ${help}`]);
  expect(stderr).not.toMatch(/server|works no more|invalidated/);
  expect(stdout).toMatch(/ERROR +incremental dim /);
  expect(stdout).toMatch(/SKIP +view +fact +(model 'dim' failed|the database stopped at an earlier error)/);
  const reasons = new Set([...stdout.matchAll(/SKIP +table +other_\d+ +(.*)/g)].map(([, why]) => why));
  expect([...reasons]).toEqual(ends ? ['the database stopped at an earlier error'] : []);
  if (ends) {
    expect(stderr).toContain('warning[history/not-written] The history of this run could not be written: DuckDB stopped after an earlier error.');
    expect(stderr).toContain('help: Nothing is wrong with the history: it has the runs that come after.');
  }
  const next = await dwt(['build', ...vars], { cwd: root });
  expect(next, next.stderr).toMatchObject({ exit: 0, stdout: expect.stringContaining('PASS=14 WARN=0 ERROR=0 SKIP=0') as string });
  expect(
    await ask(file, [
      "select count(*)::int as n, count(distinct k)::int as k, sum((name = k || 'x')::int)::int as v from dim",
      'select k from dim where k = 301',
    ]),
  ).toEqual([[{ n: 600, k: 600, v: 600 }], [{ k: 301 }]]);
});
