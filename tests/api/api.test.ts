// The Node API as a program uses it: the package's own entry, on a real DuckDB file.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Event, Failure, formatDiagnostic, generate, initProject, openProject, succeeded } from '../../src/index.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dwt-api-'));
  write({
    'project.yml': 'name: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: target/shop.duckdb, threads: 2}\nvars: {factor: 2}\n',
    'seeds/orders.csv': 'id,amount\n1,10.50\n2,20.25\n',
    'models/staged.sql': "select id, amount from {{ ref('orders') }}\n",
    'models/totals.sql': "{{ config(materialized='table') }}\nselect id, amount * {{ var('factor') }} as total from {{ ref('staged') }}\n",
    'models/_models.yml': 'models:\n  - name: totals\n    columns:\n      - name: id\n        data_tests: [unique]\n',
    'macros/add.sql': '{% macro add(a, b) %}{{ return(a + b) }}{% endmacro %}\n',
  });
});
afterEach(() => rmSync(root, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

async function failureOf(work: () => unknown): Promise<Failure> {
  try {
    await work();
  } catch (e) {
    expect(e).toBeInstanceOf(Failure);
    return e as Failure;
  }
  throw new Error('nothing failed');
}

it('does several things at once with one file', async () => {
  const project = openProject({ projectDir: root });
  const ended = async (command: 'build' | 'test'): Promise<boolean> => {
    const run = await project.run(command);
    for await (const event of run) if (event.kind === 'node-finished') expect((await project.query('select 1')).rows).toHaveLength(1);
    return succeeded(run.summary!);
  };
  expect(await ended('build')).toBe(true);
  const count = "select count(*) from {{ ref('totals') }}";
  const looks = (): Promise<unknown>[] => [project.query(count), openProject({ projectDir: root }).query(count), project.show('totals'), project.check()];
  const done = await Promise.all([...looks(), ended('test'), ...looks(), ended('test'), project.runOperation('add', { a: 1, b: 1 })]);
  expect(done.filter((d) => typeof d !== 'object')).toEqual([true, true, '2']);
  await project.close();
});

it('opens, chooses, runs and tells what happens', async () => {
  const project = openProject({ projectDir: root });
  expect([project.name, project.target.schema, project.order.length, project.parents('model.shop.totals')]).toEqual(['shop', 'main', 4, ['model.shop.staged']]);
  const run = await project.run('build', { select: ['+totals'] });
  const events: Event[] = [];
  for await (const event of run) events.push(event);
  expect(events.map((e) => e.kind)).toEqual([
    'run-started',
    ...['orders', 'staged', 'totals', 'unique'].flatMap(() => ['node-started', 'node-finished']),
    'run-finished',
  ]);
  expect(succeeded(run.summary!)).toBe(true);
  expect(run.summary!.results.map((r) => [r.resource.name, r.status])).toEqual([
    ['orders', 'success'],
    ['staged', 'success'],
    ['totals', 'success'],
    ['unique_totals_id', 'pass'],
  ]);
  expect(JSON.parse(readFileSync(join(root, 'target/run_results.json'), 'utf8')).metadata.invocation_id).toBe(run.id);
  const { columns, rows } = await project.query("select id, total from {{ ref('totals') }} order by id");
  expect([columns.map((c) => c.name), rows.map((r) => r.map(String))]).toEqual([
    ['id', 'total'],
    [
      ['1', '21'],
      ['2', '40.5'],
    ],
  ]);
  expect((await project.show(project.resources.get('model.shop.staged')!, { limit: 1 })).rows).toHaveLength(1);
  expect(await project.runOperation('add', { a: 2, b: 3 })).toBe('5');
  await project.close();
});

it('gives each run its own identity, and variables of its own to each project', async () => {
  const project = openProject({ projectDir: root, vars: { factor: 3 } });
  const first = await project.run('build');
  await first.finish();
  const second = await project.run('test');
  await second.finish();
  expect(first.id).not.toBe(second.id);
  // A run is made once, however often it is asked for.
  expect(await second.finish()).toBe(second.summary);
  await expect(second[Symbol.asyncIterator]().next()).rejects.toThrow('The events of this run have been read already.');
  expect(second.summary!.results.map((r) => r.status)).toEqual(['pass']);
  expect((await project.query("select max(total) as t from {{ ref('totals') }}")).rows.map(String)).toEqual(['60.75']);
});

it('compiles nodes and queries, each failure with its place', async () => {
  write({ 'models/broken.sql': 'select 1 as one\n{% if execute %}{{ exceptions.raise_compiler_error("not so") }}{% endif %}\n' });
  const project = openProject({ projectDir: root });
  const { ids } = project.select({}, ['model']);
  const told: unknown[] = [];
  for await (const node of project.compile(ids)) told.push('sql' in node ? [node.resource.name, node.path] : node.diagnostics.map((d) => [d.message, d.span]));
  expect(told).toEqual([
    [['not so', expect.objectContaining({ file: 'models/broken.sql', line: 2 })]],
    ['staged', 'target/compiled/shop/models/staged.sql'],
    ['totals', 'target/compiled/shop/models/totals.sql'],
  ]);
  expect(await project.compileInline("select * from {{ ref('orders') }}")).toBe('select * from "shop"."main"."orders"');
  const failure = await failureOf(() => project.query('select nothing from {{ ref("totals") }}'));
  expect(failure.diagnostics[0]!.code).toMatch(/^execute\//);
});

it('answers a wrong name or command with the near one', async () => {
  const project = openProject({ projectDir: root });
  expect((await failureOf(() => project.show('stagd'))).diagnostics[0]!.help).toBe("Did you mean 'staged'?");
  expect((await failureOf(() => project.run('bild' as 'build'))).diagnostics[0]!.help).toBe("Did you mean 'build'?");
  await (await project.run('seed')).finish();
  expect((await project.show('orders', { limit: 1 })).rows).toHaveLength(1);
});

it('throws every mistake of a project at once', async () => {
  write({ 'models/lost.sql': "select * from {{ ref('ordres') }}\n", 'models/lost_too.sql': "select * from {{ ref('stagd') }}\n" });
  const { diagnostics } = await failureOf(() => openProject({ projectDir: root }));
  expect(diagnostics.map((d) => [d.code, d.span?.file])).toEqual([
    ['graph/missing-ref', 'models/lost.sql'],
    ['graph/missing-ref', 'models/lost_too.sql'],
  ]);
  expect(formatDiagnostic(diagnostics[0]!, root)).toContain("1 | select * from {{ ref('ordres') }}");
});

it('ends a run in good order when nobody listens any more', async () => {
  write({ 'models/slow.sql': "{{ config(materialized='table') }}\nselect sum(a.i * b.i) as s from range(100000) a(i), range(1000000) b(i)\n" });
  const project = openProject({ projectDir: root });
  const run = await project.run('run', { select: ['slow', 'staged'] });
  for await (const event of run) if (event.kind === 'node-started' && event.resource.name === 'slow') break;
  expect([run.summary!.interrupted, run.summary!.results.length]).toEqual([true, 2]);
  expect(JSON.parse(readFileSync(join(root, 'target/run_results.json'), 'utf8')).results).toHaveLength(2);
  // The file is free again, and nothing of the model is left.
  expect((await project.query("select count(*) as n from duckdb_tables() where table_name like 'slow%'")).rows).toEqual([[0]]);
});

it('sees what a save affects, and keeps what could not be made again', async () => {
  write({ 'models/grown.sql': "{{ config(materialized='incremental') }}\nselect id from {{ ref('staged') }}\n" });
  const project = openProject({ projectDir: root });
  await (await project.run('build')).finish();
  write({ 'models/staged.sql': "select id, amount + 1 as amount from {{ ref('orders') }}\n" });
  rmSync(join(root, 'models/totals.sql'));
  rmSync(join(root, 'models/grown.sql'));
  rmSync(join(root, 'models/_models.yml'));
  const now = project.reload();
  expect(await now.changesSince(project, new Set(['models/staged.sql', 'models/totals.sql']), { drop: new Set(project.order) })).toEqual({
    affected: new Set(['model.shop.staged']),
    sameTarget: true,
    gone: ['totals'],
    kept: ['grown'],
    left: [],
  });
});

it('writes a project and sample data', async () => {
  const host = { cwd: root };
  expect((await initProject('fresh', host)).files).toContain('project.yml');
  expect((await failureOf(() => initProject('fresh', host))).message).toMatch(/not empty/);
  write({ 'seeds/generate.yml': 'seed: 1\nas_of: 2026-01-01\ntables:\n  days:\n    rows: 3\n    columns:\n      id: {sequence: "D{:02}"}\n' });
  const tables: unknown[] = [];
  await generate({ projectDir: root }, (t) => tables.push([t.table, t.rows, t.changed]), host);
  expect(tables).toEqual([['days', 3, true]]);
});

it('takes no option that it does not know, and none of another kind', async () => {
  const project = openProject({ projectDir: root });
  const told = async (work: () => unknown): Promise<readonly string[]> => (await failureOf(work)).diagnostics.map((d) => `${d.message} ${d.help ?? ''}`.trim());
  const loose = (o: unknown): never => o as never;
  expect(await told(() => openProject(loose({ projectDir: root, tagret: 'dev' })))).toEqual(["openProject has no option 'tagret'. Did you mean 'target'?"]);
  expect(await told(() => openProject(loose({ projectDir: root, cwd: '/' })))).toEqual([
    "openProject has no option 'cwd'. It is a part of the host: openProject(options, { cwd }).",
  ]);
  expect(await told(() => project.select(loose({ selct: ['a'], select: 'totals' })))).toEqual([
    "select has no option 'selct'. Did you mean 'select'?",
    "The option 'select' of select must be a list of texts, not 'totals'. Write ['totals'].",
  ]);
  expect(await told(() => project.run('build', loose({ fullrefresh: true, ids: ['model.shop.totals'], indirectSelection: 'egaer' })))).toEqual([
    "run has no option 'fullrefresh'. Did you mean 'fullRefresh'?",
    "The option 'ids' of run must be a Set of ids, not a list.",
    "The option 'indirectSelection' of run must be one of 'eager', 'cautious', 'buildable', 'empty', not 'egaer'.",
  ]);
  expect(await told(() => project.plan('run', loose({ empyt: true })))).toEqual(["plan has no option 'empyt'. Did you mean 'empty'?"]);
  expect(await told(() => project.query('select 1', loose({ limit: '3' })))).toEqual(["The option 'limit' of query must be a whole number, not '3'."]);
  expect(await told(() => project.show('totals', loose({ select: ['totals'] })))).toEqual(["show has no option 'select'. It is an option of select."]);
  expect(await told(() => project.run(loose(undefined)))).toEqual(['The command of run and plan must be a text, not nothing.']);
  expect(await told(() => project.run('run', loose(null)))).toEqual(['run takes an object of options, not null.']);
  expect(await told(() => openProject(loose(null)))).toEqual(['openProject takes an object of options, not null.']);
  expect(await told(() => project.plan(loose('bild')))).toEqual(["There is nothing to run as 'bild'. Did you mean 'build'?"]);
  expect(await told(() => project.run('run', { ids: new Set(['model.shop.total']) }))).toEqual([
    "There is no 'model.shop.total' in this project. Did you mean 'model.shop.totals'?",
  ]);
  expect(await told(() => project.compile(new Set(['totals'])).next())).toEqual([
    "There is no 'totals' in this project. Ids are the keys of project.resources, such as model.shop.orders.",
  ]);
  expect(await told(() => project.changesSince(undefined, loose(['models/a.sql'])))).toEqual(['The files of changesSince must be a Set of paths, not a list.']);
  const stopped = openProject({ projectDir: root }, { signal: AbortSignal.abort() });
  expect(await told(() => stopped.query('select 1'))).toEqual(['The opening of the warehouse was interrupted.']);
  expect(await told(() => project.query(loose(5)))).toEqual(['The query of query must be a text, not 5.']);
  expect(await told(() => project.compileInline(loose(undefined)))).toEqual(['The query of compileInline must be a text, not nothing.']);
  expect(await told(() => project.show(loose(undefined)))).toEqual(['The resource of show must be a resource, its id or its name, not nothing.']);
  expect(await told(() => project.runOperation(loose(undefined)))).toEqual(['The macro of runOperation must be a text, not nothing.']);
  expect(await told(async () => await project.compile(loose(['totals'])).next())).toEqual(['The nodes of compile must be a Set of ids, not a list.']);
  const history = (await project.history())!;
  expect(await told(() => history.runs(loose({ limit: 'x' })))).toEqual(["The option 'limit' of history.runs must be a whole number of 1 or more, not 'x'."]);
  expect(await told(() => history.run(loose(5)))).toEqual(['The id of history.run must be a text, not 5.']);
  expect(await told(() => history.node(loose(undefined)))).toEqual(['The name of history.node must be a text, not nothing.']);
  expect(await told(() => project.freshness(loose({ treads: 1 })))).toEqual([
    "freshness has no option 'treads'. Its options: select, exclude, selector, indirectSelection, resourceType, excludeResourceType, state, output, signal.",
  ]);
  expect(project.select({ resourceType: ['seed'] }).ids).toEqual(new Set(['seed.shop.orders']));
  await project.close();
});
