// watch, on the true command line: saves, slips, renames and deletions one after the other, and the warehouse ends equal
// to a fresh build.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { dwt } from './support/cli.ts';
import { ask, hold } from './support/project.ts';

let watching: ChildProcess | undefined;
afterEach(() => watching?.kill('SIGKILL'));

/** Numbers from 0 to `n`, the same in every run of the test. */
function numbers(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

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
      "select table_name, estimated_size from duckdb_tables() where schema_name <> 'dwt_history' union all select view_name, null from duckdb_views() where not internal order by all",
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
  // A warning of the project's files, which is told once and not with every save.
  write(cwd, { 'models/_gone.yml': 'models:\n  - name: gone\n' });
  let said = '';
  let everything = '';
  watching = spawn(process.execPath, [resolve('bin/dwt.js'), 'watch', '--build', '--no-color'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [watching.stdout!, watching.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      everything += text;
    });
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
  expect(everything.split("There is no model 'gone' to describe.")).toHaveLength(2);

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

it('shows rows of what was saved, and never sends a hook for it', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'dwt-watch-'));
  const project = (kind: string): string =>
    `name: shop\ntarget: dev\ntargets: {dev: {type: duckdb, path: target/shop.duckdb}}\nmodels: {+materialized: ${kind}}\non-run-start: create or replace table audit as select 1 as hooked\n`;
  write(cwd, { 'project.yml': project('view'), 'models/a.sql': 'select 1 as id\n' });
  let said = '';
  watching = spawn(process.execPath, [resolve('bin/dwt.js'), 'watch', '--build', '--show', '--no-color'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [watching.stdout!, watching.stderr!]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const until = async (what: RegExp): Promise<void> => {
    for (let i = 0; !what.test(said); i++) {
      if (i > 600) throw new Error(`never said ${String(what)}:\n${said}`);
      await pause(50);
    }
  };
  await until(/✓ start: 1 model/);
  write(cwd, { 'project.yml': project('table') });
  await until(/✓ project\.yml: 1 model/);
  write(cwd, { 'models/a.sql': 'select 2 as number\n' });
  await until(/✓ models\/a\.sql: 1 model[^]*number\n[^\n]*\n +2\n/);
  expect(said).not.toMatch(/error\[|hooked/);
  rmSync(cwd, { recursive: true });
});

it('drops nothing but what a file that is gone had made', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'dwt-watch-'));
  const project = (more: string): string =>
    `name: shop\n${more}\ntargets:\n  dev: {type: duckdb, path: target/shop.duckdb}\n  other: {type: duckdb, path: target/shop.duckdb, schema: other}\n`;
  write(cwd, {
    'project.yml': project('target: dev'),
    'seeds/orders.csv': 'id,amount\n1,10\n',
    'models/a.sql': "{{ config(materialized='table') }}\nselect id from {{ ref('orders') }}\n",
    'models/b.sql': "{{ config(materialized='table') }}\nselect id from {{ ref('a') }}\n",
    'models/c.sql': "select id from {{ ref('a') }}\n",
  });
  let said = '';
  let everything = '';
  watching = spawn(process.execPath, [resolve('bin/dwt.js'), 'watch', '--build', '--no-color'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [watching.stdout!, watching.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      everything += text;
    });
  const until = async (what: RegExp): Promise<string> => {
    for (let i = 0; !what.test(said); i++) {
      if (i > 600) throw new Error(`never said ${String(what)}:\n${said}`);
      await new Promise((done) => setTimeout(done, 50));
    }
    const heard = said;
    said = '';
    return heard;
  };
  await until(/✓ start: 1 seed, 3 models/);
  write(cwd, { 'project.yml': project('target: other') });
  await until(/target other instead of dev[\s\S]*✓ project\.yml: 1 seed, 3 models/);
  write(cwd, { 'project.yml': project('target: dev') });
  await until(/target dev instead of other[\s\S]*✓ project\.yml: 1 seed, 3 models/);
  write(cwd, { 'project.yml': project('target: dev\nmodel-paths: [modls]') });
  await until(/kept a, b, c: nothing in the project makes them any more/);
  write(cwd, { 'project.yml': project('target: dev') });
  await until(/✓ project\.yml: 3 models/);
  write(cwd, { 'project.yml': project('target: dev\nmodels: {shop: {+schema: more}}') });
  await until(/kept a, b, c: nothing[\s\S]*✓ project\.yml: 3 models/);
  write(cwd, { 'project.yml': project('target: dev').replace('shop', 'bazaar') });
  await until(/✓ project\.yml: 1 seed, 3 models/);
  write(cwd, { 'models/a.sql': "{{ config(materialized='ephemeral') }}\nselect id from {{ ref('orders') }}\n" });
  await until(/kept a: nothing in the project makes it any more[\s\S]*✓ models\/a\.sql: 2 models/);
  write(cwd, { 'models/b.sql': '{{ config(enabled=false) }}\nselect 1 as id\n' });
  await until(/kept b: nothing in the project makes it any more/);
  expect(everything).not.toContain('dropped');
  // What cannot be dropped now, since another program has the file, is once that has let it go.
  const other = await hold(join(cwd, 'target/shop.duckdb'));
  rmSync(join(cwd, 'models/c.sql'));
  await until(/Waiting for the next save/);
  await other.release();
  write(cwd, { 'models/d.sql': 'select 1 as id\n' });
  await until(/dropped c: its file is gone[\s\S]*✓ [^\n]*d\.sql/);
  const ended = new Promise<number | null>((done) => watching!.once('exit', (code) => done(code)));
  watching.kill('SIGINT');
  expect(await ended).toBe(0);
  const [tables] = await ask(join(cwd, 'target/shop.duckdb'), [
    "select table_schema || '.' || table_name as t from information_schema.tables where table_schema not like 'dwt%' and table_name <> 'held' order by 1",
  ]);
  expect(tables!.map((r) => r['t'])).toEqual(
    ['a', 'b', 'd', 'orders']
      .map((t) => `main.${t}`)
      .concat(
        ['a', 'b', 'c'].map((t) => `main_more.${t}`),
        ['a', 'b', 'c', 'orders'].map((t) => `other.${t}`),
      ),
  );
  rmSync(cwd, { recursive: true });
});

/** What each file may hold: texts that fit together whichever is chosen, texts that a person has half typed, and nothing. */
const STORM: Readonly<Record<string, { readonly good: readonly (string | null)[]; readonly broken: readonly (string | null)[] }>> = {
  'macros/double.sql': {
    good: ['{% macro double(x) %}({{ x }} * 2){% endmacro %}\n', '{% macro double(x) %}({{ x }} + {{ other(x) }}){% endmacro %}\n'],
    broken: ['{% macro double(x) %}({{ x }} * 2){% endmacr', '{% macro double(x) %}{{ nothing_like_it(x) }}{% endmacro %}\n', null],
  },
  'macros/other.sql': { good: ['{% macro other(x) %}{{ x }}{% endmacro %}\n', '{% macro other(x) %}-{{ x }}{% endmacro %}\n'], broken: [null] },
  'seeds/orders.csv': { good: ['id,amount\n1,10\n2,20\n', 'id,amount\n1,10\n2,20\n3,30\n'], broken: ['id,amount\n1,10,5\n', ''] },
  'models/staged.sql': {
    good: ["select id, amount from {{ ref('orders') }}\n", "select id, amount + 1 as amount from {{ ref('orders') }}\n"],
    broken: ["select id, amont from {{ ref('orders') }}\n", "select id from {{ ref('ordres') }}\n", 'select {{', null],
  },
  'models/totals.sql': {
    good: [
      "{{ config(materialized='table') }}\nselect id, {{ double('amount') }} as total from {{ ref('staged') }}\n",
      "select id, {{ double('amount') }} as total from {{ ref('staged') }}\n",
    ],
    broken: ["{{ config(materialised='table') }}\nselect 1 as id\n", "select * from {{ ref('totals') }}\n"],
  },
  'models/extra.sql': { good: [null, "select count(*) as n from {{ ref('staged') }}\n"], broken: ['selec 1\n'] },
  'models/_models.yml': {
    good: [
      'models:\n  - name: totals\n    columns:\n      - name: id\n        data_tests: [unique]\n',
      'models:\n  - name: totals\n    columns:\n      - name: id\n        data_tests: [unique, not_null]\n',
      null,
    ],
    broken: ['models:\n  - name: totals\n   columns: []\n', 'models:\n  - nam: totals\n'],
  },
};

it('ends where a fresh build would after a storm of saves', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'dwt-storm-'));
  const random = numbers(20_261_126);
  const one = <T>(list: readonly T[]): T => list[random(list.length)]!;
  const put = (path: string, text: string | null): void => (text === null ? rmSync(join(cwd, path), { force: true }) : write(cwd, { [path]: text }));
  write(cwd, { 'project.yml': 'name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: target/shop.duckdb}\n' });
  for (const [path, { good }] of Object.entries(STORM)) put(path, good[0]!);
  let said = '';
  watching = spawn(process.execPath, [resolve('bin/dwt.js'), 'watch', '--build', '--no-color'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [watching.stdout!, watching.stderr!]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const until = async (what: RegExp): Promise<void> => {
    for (let i = 0; !what.test(said); i++) {
      if (i > 1200) throw new Error(`never said ${String(what)}:\n${said}`);
      await pause(50);
    }
  };
  await until(/✓ start/);
  for (let i = 0; i < 60; i++) {
    const [path, { good, broken }] = one(Object.entries(STORM));
    put(path, one(random(3) === 0 ? broken : good));
    await pause(random(4) === 0 ? random(900) : random(60));
  }
  for (const [path, { good }] of Object.entries(STORM)) put(path, one(good));
  await pause(400);
  said = '';
  write(cwd, { 'models/last.sql': "select sum(total) as total from {{ ref('totals') }}\n" });
  await until(/✓ [^\n]*(last\.sql|more):/);
  expect(said).not.toMatch(/internal\/bug|dwt itself failed| {4}at /);

  const watched = await content(cwd);
  const ended = new Promise<number | null>((done) => watching!.once('exit', (code) => done(code)));
  watching.kill('SIGINT');
  expect(await ended).toBe(0);
  rmSync(join(cwd, 'target'), { recursive: true });
  expect((await dwt(['build'], { cwd })).exit).toBe(0);
  expect(await content(cwd)).toEqual(watched);
  rmSync(cwd, { recursive: true });
}, 180_000);

it('takes moves, renames, the ways of editors and a change of branch for what they are', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'dwt-moves-'));
  const elsewhere = mkdtempSync(join(tmpdir(), 'dwt-elsewhere-'));
  const project = 'name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: target/shop.duckdb}\n';
  const totals = (factor: number, from = 'staged'): string =>
    `{{ config(materialized='table') }}\nselect id, amount * ${factor} as total from {{ ref('${from}') }}\n`;
  const path = (file: string): string => join(cwd, file);
  write(cwd, {
    'project.yml': project,
    'seeds/orders.csv': 'id,amount\n1,10\n2,20\n',
    'models/staging/staged.sql': "select id, amount from {{ ref('orders') }}\n",
    'models/totals.sql': totals(2),
  });
  let said = '';
  watching = spawn(process.execPath, [resolve('bin/dwt.js'), 'watch', '--build', '--no-color'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [watching.stdout!, watching.stderr!]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  /** Waits for it, and then until nothing more is said; gives all that was. */
  const until = async (what: RegExp): Promise<string> => {
    for (let i = 0; !what.test(said); i++) {
      if (i > 1200) throw new Error(`never said ${String(what)}:\n${said}`);
      await pause(50);
    }
    for (let before = ''; before !== said;) {
      before = said;
      await pause(700);
    }
    const all = said;
    said = '';
    return all;
  };
  /** A slow machine may take a save for two; none is taken for a file that is gone, and nothing fails. */
  const well = async (what: RegExp): Promise<void> => expect(await until(what)).not.toMatch(/error\[|dropped|✗/);
  await until(/✓ start/);

  write(cwd, { 'models/totals.sql.tmp': totals(3) });
  renameSync(path('models/totals.sql.tmp'), path('models/totals.sql'));
  await well(/✓ models\/totals\.sql: 1 model/);
  renameSync(path('models/totals.sql'), path('models/totals.sql~'));
  write(cwd, { 'models/totals.sql': totals(4) });
  rmSync(path('models/totals.sql~'));
  await well(/✓ models\/totals\.sql: 1 model/);

  renameSync(path('models/staging/staged.sql'), path('models/staging/stg.sql'));
  await until(/Model 'totals' reads 'staged'[\s\S]*Waiting for the next save/);
  write(cwd, { 'models/totals.sql': totals(5, 'stg') });
  expect(await until(/✓ models\/staging\/stg\.sql, models\/totals\.sql: 2 models/)).toContain('dropped staged: its file is gone');
  renameSync(path('models/staging/stg.sql'), path('models/staging/Stg.sql'));
  expect(await until(/Waiting for the next save/)).toContain("Did you mean 'Stg'?");
  renameSync(path('models/staging/Stg.sql'), path('models/staging/stg.sql'));
  await well(/✓ models\/staging\/stg\.sql: 2 models/);
  renameSync(path('models/staging'), path('models/base'));
  await well(/✓ models\/base\/stg\.sql: 2 models/);

  const many = (n: number, more: number): Record<string, string> =>
    Object.fromEntries(Array.from({ length: n }, (_, i) => [`models/many/m${i}.sql`, `select ${i + more} as id\n`]));
  write(cwd, many(200, 0));
  await well(/✓ models\/many\/[^\n]* and \d+ more: \d+ models/);
  write(cwd, many(100, 1));
  for (let i = 100; i < 200; i++) rmSync(path(`models/many/m${i}.sql`));
  write(cwd, { 'seeds/orders.csv': 'id,amount\n1,10\n2,20\n3,30\n' });
  // What is gone is said in few lines, not one for each.
  expect((await until(/✓ [^\n]*: [^\n]*models/)).match(/^.*dropped.*: their files are gone$/gm)?.length ?? 0).toBeLessThan(20);
  rmSync(path('models/many'), { recursive: true });
  expect((await until(/dropped m\d+, m\d+ and \d+ more: their files are gone/)).match(/dropped/g)?.length).toBeLessThan(20);

  rmSync(path('project.yml'));
  await until(/There is no project\.yml[\s\S]*Waiting/);
  write(cwd, { 'models/totals.sql': totals(6, 'stg') });
  await until(/Waiting/);
  write(cwd, { 'project.yml': project });
  await well(/✓ project\.yml, models\/totals\.sql: 1 model/);

  write(elsewhere, { 'linked.sql': 'select 1 as id\n' });
  symlinkSync(join(elsewhere, 'linked.sql'), path('models/linked.sql'));
  await well(/✓ models\/linked\.sql: 1 model/);
  write(elsewhere, { 'linked.sql': 'select 1 as id union all select 2\n' });
  await well(/✓ models\/linked\.sql: 1 model/);
  unlinkSync(path('models/linked.sql'));
  expect(await until(/dropped linked: its file is gone/)).not.toContain('error[');

  write(cwd, {
    'models/slow.sql': "{{ config(materialized='table') }}\nselect count(*) as n from range(30000000) a, range(100) b where a.range % 7 = b.range % 5\n",
  });
  await pause(900);
  write(cwd, { 'models/slow.sql': "{{ config(materialized='table') }}\nselect 1 as n\n" });
  // Whether the first had begun depends on the machine; it is never waited for.
  await until(/✓ models\/slow\.sql: 1 model/);

  const watched = await content(cwd);
  const ended = new Promise<number | null>((done) => watching!.once('exit', (code) => done(code)));
  watching.kill('SIGINT');
  expect(await ended).toBe(0);
  rmSync(path('target'), { recursive: true });
  expect((await dwt(['build'], { cwd })).exit).toBe(0);
  expect(await content(cwd)).toEqual(watched);
  for (const folder of [cwd, elsewhere]) rmSync(folder, { recursive: true });
}, 180_000);
