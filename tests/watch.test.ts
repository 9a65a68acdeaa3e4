// watch, on the true command line: saves, slips, renames and deletions one after the other, and the warehouse ends equal
// to a fresh build.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { dwt } from './support/cli.ts';

let watching: ChildProcess | undefined;
afterEach(() => watching?.kill('SIGKILL'));

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

async function content(cwd: string): Promise<unknown> {
  const shown = await dwt(
    [
      'show',
      '--inline',
      'select table_name, estimated_size from duckdb_tables() union all select view_name, null from duckdb_views() where not internal order by all',
      '--output',
      'json',
      '--quiet',
    ],
    { cwd },
  );
  const total = await dwt(['show', '--inline', "select sum(total) as total from {{ ref('totals') }}", '--output', 'json', '--quiet'], { cwd });
  return [JSON.parse(shown.stdout), JSON.parse(total.stdout)];
}

it('keeps the warehouse as a fresh build would have it', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'dwt-watch-'));
  write(cwd, {
    'project.yml': 'name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: target/shop.duckdb}\n',
    'seeds/orders.csv': 'id,amount\n1,10\n2,20\n',
    'macros/double.sql': '{% macro double(x) %}({{ x }} * 2){% endmacro %}\n',
    'models/staged.sql': "select id, amount from {{ ref('orders') }}\n",
    'models/totals.sql': "{{ config(materialized='table') }}\nselect id, {{ double('amount') }} as total from {{ ref('staged') }}\n",
    'models/_models.yml': 'models:\n  - name: totals\n    columns:\n      - name: id\n        data_tests: [unique]\n',
  });
  let said = '';
  watching = spawn(process.execPath, [resolve('bin/dwt.js'), 'watch', '--build', '--no-color'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [watching.stdout!, watching.stderr!]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const until = async (what: RegExp): Promise<void> => {
    for (let i = 0; !what.test(said); i++) {
      if (i > 600) throw new Error(`never said ${String(what)}:\n${said}`);
      await new Promise((done) => setTimeout(done, 50));
    }
    said = '';
  };
  await until(/✓ start: 1 seed, 2 models, 1 data test/);
  write(cwd, { 'macros/double.sql': '{% macro double(x) %}({{ x }} * 3){% endmacro %}\n' });
  await until(/✓ macros\/double\.sql: 1 model, 1 data test/);
  write(cwd, { 'models/staged.sql': "select id, amont from {{ ref('orders') }}\n" });
  await until(/models\/staged\.sql:1:12[\s\S]*✗ models\/staged\.sql: 1 model, 1 failed/);
  write(cwd, { 'models/staged.sql': "select id, amount from {{ reff('orders') }}\n" });
  await until(/Did you mean 'ref'[\s\S]*Waiting for the next save/);
  write(cwd, { 'models/staged.sql': "select id, amount + 1 as amount from {{ ref('orders') }}\n", 'models/extra.sql': "select * from {{ ref('staged') }}\n" });
  await until(/✓ [^\n]*: 3 models, 1 data test/);
  renameSync(join(cwd, 'models/extra.sql'), join(cwd, 'models/more.sql'));
  await until(/dropped extra: its file is gone[\s\S]*✓ [^\n]*1 model/);
  rmSync(join(cwd, 'models/more.sql'));
  await until(/dropped more: its file is gone/);
  write(cwd, { 'seeds/orders.csv': 'id,amount\n1,10\n2,20\n3,30\n' });
  await until(/✓ seeds\/orders\.csv: 1 seed, 2 models, 1 data test/);

  // Between builds the file is free for others.
  const watched = await content(cwd);
  const ended = new Promise<number | null>((done) => watching!.once('exit', (code) => done(code)));
  watching.kill('SIGINT');
  expect(await ended).toBe(0);
  rmSync(join(cwd, 'target'), { recursive: true });
  expect((await dwt(['build'], { cwd })).exit).toBe(0);
  expect(await content(cwd)).toEqual(watched);
  rmSync(cwd, { recursive: true });
});
