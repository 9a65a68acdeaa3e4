// examples/online-retail over real, dirty day files: loaded at once and day by day the tables are equal, and every line
// of the files is in the fact or among the rejected. DWT_ONLINE_RETAIL names the folder of the files
// (examples/online-retail/project.yml says where anyone gets them).
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dwt } from './support/cli.ts';

const DATA = process.env['DWT_ONLINE_RETAIL'];
const TABLES = ['stg_invoice_lines', 'rejected_lines', 'product_days', 'fact_invoice_lines', 'daily_sales', 'products_snapshot', 'customers_snapshot'];

async function build(cwd: string, until: string): Promise<void> {
  const done = await dwt(['build', '--vars', `{data_dir: '${resolve(DATA!)}', until: ${until}}`], { cwd });
  expect(done.stdout).toMatch(/Done\. PASS=\d+ WARN=0 ERROR=0 SKIP=0/);
}

async function query(cwd: string, sql: string): Promise<unknown> {
  const shown = await dwt(['show', '--inline', sql, '--output', 'json', '--limit', '-1', '--quiet', '--vars', `{data_dir: '${resolve(DATA!)}'}`], { cwd });
  expect(shown.stderr).toBe('');
  return JSON.parse(shown.stdout);
}

describe.skipIf(DATA === undefined)('examples/online-retail', () => {
  it('is the same warehouse loaded at once and day by day, and loses no line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dwt-retail-'));
    const [atOnce, daily] = ['once', 'daily'].map((name) => {
      cpSync('examples/online-retail', join(folder, name), { recursive: true, filter: (path) => !path.includes('target') });
      return join(folder, name);
    }) as [string, string];
    const days = readdirSync(DATA!)
      .flatMap((f) => /^(\d{4}-\d\d-\d\d)\.csv(\.gz)?$/.exec(f)?.[1] ?? [])
      .toSorted()
      .slice(0, 5);
    for (const day of days) await build(daily, day);
    await build(atOnce, days.at(-1)!);
    const batch = 'exclude (etl_batch_id)';
    for (const table of TABLES) {
      const content = `select count(*) as n, sum(hash(columns(*))::hugeint) from (select ${table === 'fact_invoice_lines' ? `* ${batch}` : '*'} from {{ ref('${table}') }})`;
      expect(await query(daily, content), table).toEqual(await query(atOnce, content));
    }
    const files = `read_csv('${resolve(DATA!)}/*.csv.gz', all_varchar = true, filename = true)`;
    const lines = (await query(
      atOnce,
      `select count(*) as n from ${files} where regexp_extract(filename, '(\\d{4}-\\d\\d-\\d\\d)\\.csv', 1) <= '${days.at(-1)}'`,
    )) as { n: number }[];
    const kept = (await query(
      atOnce,
      "select (select count(*) from {{ ref('fact_invoice_lines') }}) + (select count(*) from {{ ref('rejected_lines') }}) as n",
    )) as { n: number }[];
    expect(kept).toEqual(lines);
    rmSync(folder, { recursive: true });
  }, 300_000);
});
