// Every example of docs/portable-sql.md: the SQL that the page shows is what the call compiles to (no server; UPDATE_GOLDEN=1 writes
// it anew), each runs on every engine, and all engines give the same rows; and what the page says to differ does, in just that way.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { PORTABLE } from '../../src/context/builtin-sql.ts';
import { onEveryEngine } from './engine.ts';
import { onEveryProject, type Row } from './project.ts';

const PAGE = resolve('docs/portable-sql.md');
const TITLES = { duckdb: 'DuckDB', postgres: 'PostgreSQL', mysql: 'MySQL' } as const;
type Engine = keyof typeof TITLES;

/** The page's sections that hold a call. */
function examples(): Map<string, { readonly call: string; readonly shown: string }> {
  const sections = readFileSync(PAGE, 'utf8').split(/^## /m).slice(1);
  return new Map(
    sections.flatMap((section) => {
      const [name, call] = [section.slice(0, section.indexOf('\n')), /^`(\{\{ .* \}\})`/m.exec(section)?.[1]];
      return call === undefined ? [] : [[name, { call, shown: /```sql\n([\s\S]*?)```/.exec(section)?.[1] ?? '' }]];
    }),
  );
}

const scratch = mkdtempSync(join(tmpdir(), 'dwt-portable-docs-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The SQL of calls on an engine, without its server. */
function compiled(engine: Engine, calls: readonly (readonly [name: string, call: string])[]): Map<string, string> {
  const root = mkdtempSync(join(scratch, engine));
  mkdirSync(join(root, 'analyses'), { recursive: true });
  const target = { duckdb: { path: 'x.duckdb' }, postgres: { url: 'postgres://nobody@127.0.0.1:1/x' }, mysql: { url: 'mysql://nobody@127.0.0.1:1/x' } }[engine];
  writeFileSync(join(root, 'project.yml'), `name: docs\ntargets:\n  dev: ${JSON.stringify({ type: engine, ...target })}\n`);
  writeFileSync(join(root, 'analyses/calls.sql'), calls.map(([name, call]) => `-- example ${name}\n${call}\n`).join(''));
  const ran = spawnSync(process.execPath, [resolve('bin/dwt.js'), 'compile', '--select', 'calls', '--no-color', '--project-dir', root], { encoding: 'utf8' });
  expect(ran.status, ran.stderr).toBe(0);
  const file = readdirSync(join(root, 'target/compiled'), { recursive: true, encoding: 'utf8' }).find((f) => f.endsWith('calls.sql'))!;
  const sql = readFileSync(join(root, 'target/compiled', file), 'utf8');
  return new Map(
    sql
      .split(/^-- example /m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1).trimEnd()]),
  );
}

test('every macro has an example, and the page shows what it becomes', () => {
  const found = examples();
  expect(Object.keys(PORTABLE).filter((name) => !found.has(name))).toEqual([]);
  const calls = [...found].map(([name, { call }]) => [name, call] as const);
  const engines = (Object.keys(TITLES) as Engine[]).map((engine) => [engine, compiled(engine, calls)] as const);
  const blocks = new Map([...found.keys()].map((name) => [name, engines.map(([engine, sql]) => `-- ${TITLES[engine]}\n${sql.get(name)}\n`).join('')] as const));
  if (process.env['UPDATE_GOLDEN'] === '1') {
    const page = readFileSync(PAGE, 'utf8').replace(
      /^## ([\w]+)\n([\s\S]*?```sql\n)[\s\S]*?```/gm,
      (_section, name: string, before: string) => `## ${name}\n${before}${blocks.get(name)}\`\`\``,
    );
    writeFileSync(PAGE, page);
  }
  for (const [name, { shown }] of examples()) expect(shown, `${name}; UPDATE_GOLDEN=1 if that is meant`).toBe(blocks.get(name));
});

/** A model that runs an example: an expression over the table `example`, unless the macro is more than one. */
function model(name: string, call: string): string {
  const inner = call.slice(2, -2).trim();
  if (name === 'generate_series' || name === 'date_spine') return `select * from (${call}) as q`;
  if (name === 'except' || name === 'intersect') return `select 1 as value ${call} select 2 as value`;
  if (name === 'escape_single_quotes') return `select '${call}' as value`;
  if (name.startsWith('type_')) return `select {{ cast('null', ${inner}) }} as value`;
  return `select ${call} as value from {{ ref('example') }}`;
}

const EXAMPLE = `{{ config(materialized='table') }}
select
  cast('2024-02-29' as date) as ordered_on, cast('2024-01-31' as date) as first_on, cast('2024-03-01' as date) as last_on,
  'Ann' as first_name, 'Öz' as last_name, 'Ann Öz' as name, 'ann@example.org' as email, 'a/b/c' as path, '12-34-56' as phone,
  cast(12.345 as decimal(10,3)) as amount, 7 as customer_id, cast('2024-02-29' as date) as sold_on,
  {{ cast("'true'", type_boolean()) }} as is_open,
  {{ array_construct(['1', '2']) }} as ids, {{ array_construct(['1']) }} as a, {{ array_construct(['2', '3']) }} as b`;

const rows = new Map<string, Record<string, readonly Row[]>>();

onEveryProject('the examples of docs/portable-sql.md', { 'models/example.sql': EXAMPLE }, (p) => {
  test('run, and give what the engine before gave', async () => {
    const calls = [...examples()];
    p.write(Object.fromEntries(calls.map(([name, { call }]) => [`models/ex_${name}.sql`, `{{ config(materialized='table') }}\n${model(name, call)}\n`])));
    await p.good('run');
    const found = await p.read(Object.fromEntries(calls.map(([name]) => [name, `select * from {{ ref('ex_${name}') }}`])));
    for (const [name, values] of Object.entries(found)) expect(values, name).toHaveLength({ date_spine: 3, generate_series: 3, intersect: 0 }[name] ?? 1);
    // The clock goes on, and arrays are JSON where an engine has none.
    const comparable = Object.entries(found).filter(([name]) => name !== 'current_timestamp');
    rows.set(p.engine, Object.fromEntries(comparable.map(([name, values]) => [name, values.map((row) => JSON.parse(JSON.stringify(row, arrays)) as Row)])));
    const [first] = rows.values();
    expect(rows.get(p.engine)).toEqual(first);
  });
});

const arrays = (_key: string, value: unknown): unknown => (typeof value === 'string' && /^\[.*\]$/.test(value) ? JSON.parse(value) : value);

/** The page's table of differences: a call, and what each engine gives. */
function differences(): { readonly call: string; readonly given: Readonly<Record<Engine, string>> }[] {
  const section = /^## What differs\n([\s\S]*?)^## /m.exec(readFileSync(PAGE, 'utf8'))![1]!;
  return [...section.matchAll(/^\| `(\{\{ .* \}\})` \|(.*)\|$/gm)].map(([, call = '', rest = '']) => {
    const cells = rest.split(/(?<!\\)\|/).map((cell) =>
      cell
        .trim()
        .replace(/^`(.*)`$/, '$1')
        .replaceAll('\\|', '|'),
    );
    return { call: call.replaceAll('\\|', '|'), given: { duckdb: cells[0]!, postgres: cells[1]!, mysql: cells[2]! } };
  });
}

onEveryEngine('what differs', (bench) => {
  test.each(differences())('$call', async ({ call, given }) => {
    const sql = compiled(bench.name, [['call', call]]).get('call')!;
    const value = await bench.value(sql).then(
      (v) => (v === null ? 'null' : v === '' ? 'empty' : v),
      () => 'error',
    );
    expect(value).toBe(given[bench.name]);
  });
});
