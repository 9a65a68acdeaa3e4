// The demo warehouse of this repository on every engine there is, as it stands: the same tables with the same rows, decimals to
// the cent, keys equal; and a second build that changes nothing.
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cell } from '../../src/adapters/adapter.ts';
import { ENGINES, startEngine, type EngineName, type FreshTarget } from '../support/engines.ts';
import { plain } from './engine.ts';
import { ADAPTERS, copyDemo } from './project.ts';

const TARGETS: Readonly<Record<EngineName, string>> = { duckdb: 'dev', postgres: 'postgres', mysql: 'mysql' };

/** Columns that tell when a row was loaded, or by which run, or how many rows an engine says it wrote: they differ from engine to engine. */
const OF_THE_RUN = /^(etl_batch_id|etl_insert_date|(start|end)_time|rows_affected|dbt_(scd_id|updated_at|valid_from|valid_to)|days_old)$/;
/** Columns that tell the hour. */
const OF_THE_HOUR = /^days_old$/;
/** What tells of the runs themselves has one row more after each. */
const OF_RUNS = 'etl_runs';

const scratch = mkdtempSync(join(tmpdir(), 'dwt-demo-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Built {
  readonly engine: EngineName;
  readonly target: FreshTarget;
  readonly settings: Record<string, unknown>;
  readonly env: Record<string, string>;
}

/** Runs dwt on the repository's own project, with output folders of its own. */
function dwt(b: Built, ...args: readonly string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [resolve('bin/dwt.js'), ...args, '--no-color', '--target', TARGETS[b.engine], '--project-dir', b.env['PROJECT']!], {
    env: { ...process.env, ...b.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
  return new Promise((done) => child.once('close', (code) => done({ code, said })));
}

/** Every table and view by name: its columns, and its rows as sorted text. */
async function contents(b: Built, without: RegExp): Promise<ReadonlyMap<string, readonly string[]>> {
  const adapter = ADAPTERS[b.engine];
  const { database, schema } = adapter.defaults(b.settings);
  const warehouse = await adapter.connect(b.settings, { root: b.env['PROJECT']!, threads: 1 });
  try {
    const session = await warehouse.session();
    const found = new Map<string, readonly string[]>();
    for (const r of await session.relations([{ database, schema }])) {
      const { columns, rows } = await session.query(`select * from ${adapter.dialect.relation(r)}`);
      const kept = columns.flatMap((c, i) => (without.test(c.name) ? [] : [i]));
      const lines = rows.map((row) => kept.map((i) => comparable(columns[i]!.name, row[i]!)).join(' | '));
      found.set(r.identifier, [kept.map((i) => columns[i]!.name).join(' | '), ...lines.toSorted()]);
    }
    return found;
  } finally {
    await warehouse.close();
  }
}

/** Floats to twelve digits; the rest is exact. */
function comparable(_column: string, cell: Cell): string {
  if (typeof cell === 'number' && !Number.isInteger(cell)) return String(Number(cell.toPrecision(12)));
  return plain(cell) ?? 'null';
}

const digest = (rows: readonly string[]): string => createHash('md5').update(rows.join('\n')).digest('hex');

describe('the demo warehouse', async () => {
  const engines = await Promise.all(ENGINES.map(async (name) => startEngine(name)));
  const built: Built[] = [];
  const tables = new Map<EngineName, ReadonlyMap<string, readonly string[]>>();
  const everything: typeof tables = new Map();
  beforeAll(async () => {
    for (const engine of engines) {
      if (!engine.available) continue;
      const target = await engine.fresh();
      const project = copyDemo(join(scratch, `project-${engine.name}`));
      const settings = engine.name === 'duckdb' ? { type: 'duckdb', path: join(project, 'target/retail.duckdb') } : target.target;
      const env: Record<string, string> = {
        PROJECT: project,
        ...(engine.name === 'postgres' ? { DWT_POSTGRES_URL: target.url! } : engine.name === 'mysql' ? { DWT_MYSQL_URL: target.url! } : {}),
      };
      built.push({ engine: engine.name, target, settings, env });
    }
  });
  afterAll(async () => {
    for (const engine of engines) if (engine.available) await engine.stop();
  });

  test.each(ENGINES.map((name) => [name]))('is built and tested on %s', async (name) => {
    const b = built.find((x) => x.engine === name);
    if (b === undefined) return;
    const ran = await dwt(b, 'build');
    expect(ran.code, ran.said.slice(-4000)).toBe(0);
    tables.set(name, await contents(b, OF_THE_RUN));
    everything.set(name, await contents(b, OF_THE_HOUR));
  });

  test.each(ENGINES.map((name) => [name]))('has the five foreign keys of its fact, where there are such, on %s', async (name) => {
    const b = built.find((x) => x.engine === name);
    const { dialect, defaults, connect } = ADAPTERS[name];
    if (b === undefined || dialect.foreignKeys === null) return;
    const place = defaults(b.settings);
    const warehouse = await connect(b.settings, { root: b.env['PROJECT']!, threads: 1 });
    try {
      const { rows } = await (await warehouse.session()).query(dialect.foreignKeys.of({ ...place, identifier: 'fact_sales' }));
      const found = rows.map(([, , table, columns, , to, toColumns]) => `${String(table)} ${String(columns)} > ${String(to)} ${String(toColumns)}`);
      expect(found.toSorted()).toEqual(['customer', 'date', 'product', 'promotion', 'store'].map((d) => `fact_sales ["${d}_key"] > dim_${d} ["${d}_key"]`));
    } finally {
      await warehouse.close();
    }
  });

  test('is the same everywhere, row for row', () => {
    const [first, ...others] = [...tables];
    expect(first![1].size).toBeGreaterThan(20);
    for (const [engine, theirs] of others) {
      expect([...theirs.keys()].toSorted(), engine).toEqual([...first![1].keys()].toSorted());
      const different = [...first![1]].filter(([table, rows]) => digest(rows) !== digest(theirs.get(table)!));
      const shown = different.map(([table, rows]) => {
        const own = theirs.get(table)!;
        const at = rows.findIndex((row, i) => row !== own[i]);
        return [table, rows.length, own.length, rows[0], rows[at], own[at]];
      });
      expect(shown, `${first![0]} and ${engine}`).toEqual([]);
    }
  });

  test.each(ENGINES.map((name) => [name]))('is not changed by a second build on %s', async (name) => {
    const b = built.find((x) => x.engine === name);
    if (b === undefined) return;
    const ran = await dwt(b, 'build');
    expect(ran.code, ran.said.slice(-4000)).toBe(0);
    const again = await contents(b, OF_THE_HOUR);
    for (const [table, rows] of everything.get(name)!)
      if (table === OF_RUNS) expect(again.get(table)).toHaveLength(rows.length + 1);
      else expect(digest(again.get(table)!), table).toBe(digest(rows));
    expect(again.size).toBe(everything.get(name)!.size);
  });
});
