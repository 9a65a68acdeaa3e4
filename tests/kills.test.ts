// The demo, killed and interrupted at many moments while it moves from month to month: what the next run makes of it, unaided, is the
// warehouse of a demo that was never stopped.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openProject } from '../src/index.ts';
import { copyDemo } from './contract/project.ts';

const folder = mkdtempSync(join(tmpdir(), 'dwt-kills-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs dwt; after `stop.ms` it gets a signal. */
function dwt(
  root: string,
  args: readonly string[],
  stop?: { readonly ms: number; readonly signal: NodeJS.Signals },
): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [resolve('bin/dwt.js'), ...args, '--no-color', '--project-dir', root], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const timer = stop === undefined ? undefined : setTimeout(() => child.kill(stop.signal), stop.ms);
  return new Promise((done) =>
    child.once('close', (code) => {
      clearTimeout(timer);
      done({ code, said });
    }),
  );
}

/** A sequence that looks random and is always the same. */
function* numbers(seed: number): Generator<number, never> {
  for (let x = seed; ;) {
    x = (x * 1103515245 + 12345) % 2 ** 31;
    yield x / 2 ** 31;
  }
}

const TABLES = [
  'dim_customer',
  'dim_product',
  'dim_store',
  'dim_promotion',
  'dim_date',
  'fact_sales',
  'fact_sales_daily',
  'customers_snapshot',
  'products_snapshot',
];
/** Columns that tell of the run. */
const OF_THE_RUN = ['etl_batch_id', 'etl_insert_date', 'dbt_scd_id', 'dbt_updated_at', 'dbt_valid_from', 'dbt_valid_to'];

async function contents(root: string): Promise<Record<string, readonly string[]>> {
  const project = openProject({ projectDir: root });
  const found: Record<string, readonly string[]> = {};
  for (const table of TABLES) {
    const { columns, rows } = await project.query(`select * from {{ ref('${table}') }}`);
    found[table] = rows.map((row) => JSON.stringify(row.filter((_, i) => !OF_THE_RUN.includes(columns[i]!.name)).map(String))).toSorted();
    // Found by its key, too: through the index.
    const key = { dim_customer: 'customer_key', dim_product: 'product_key', fact_sales: 'sales_key' }[table];
    if (key === undefined) continue;
    const highest = await project.query(`select max(${key}) from {{ ref('${table}') }}`);
    const byKey = await project.query(`select ${key} from {{ ref('${table}') }} where ${key} = ${String(highest.rows[0]![0])}`);
    expect(byKey.rows, `${table} by key`).toEqual(highest.rows);
  }
  await project.close();
  return found;
}

test('the demo, stopped at any moment', { timeout: 300_000 }, async () => {
  const calm = copyDemo(join(folder, 'calm'));
  const stopped = copyDemo(join(folder, 'stopped'));
  const random = numbers(7);
  for (const until of ['2024-12-31', '2025-03-31']) {
    const build = ['build', '--vars', `{as_of: ${until}}`];
    for (const root of [calm, stopped]) expect((await dwt(root, ['generate', '--until', until, '--quiet'])).code).toBe(0);
    const began = performance.now();
    const whole = await dwt(calm, build);
    expect(whole.code, whole.said).toBe(0);
    let took = performance.now() - began;
    let killed = 0;
    // Killed for real, some of them, however fast the machine is at what is left to do.
    for (let i = 0; i < 5 || (killed < 2 && i < 20); i++) {
      const ms = took * (0.15 + 0.85 * random.next().value);
      const signal = random.next().value < 0.3 ? 'SIGINT' : 'SIGKILL';
      const { code, said } = await dwt(stopped, build, { ms, signal });
      expect([0, 130, null], said).toContain(code);
      if (code === null) killed++;
      if (code === 0) took *= 0.8;
      // Something else comes first, now and then.
      if (i % 2 === 0) expect((await dwt(stopped, ['seed', '--select', 'stores'])).code).toBe(0);
    }
    expect(killed).toBeGreaterThan(1);
    const last = await dwt(stopped, build);
    expect(last.code, last.said).toBe(0);
    expect(await contents(stopped)).toEqual(await contents(calm));
  }
});
