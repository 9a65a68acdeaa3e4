// examples/online-retail over real, dirty day files: loaded at once and day by day the tables are equal, and every line
// of the files is in the fact or among the rejected. DWT_ONLINE_RETAIL names the folder of the files
// (examples/online-retail/project.yml says where anyone gets them).
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
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

const FIELDS = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';
const line = (no: number, day: string, price = '2.5'): string => `${no},A${no},"Mug, ""red""",2,${day} 08:26:00,${price},17850.0,France\n`;

describe('examples/online-retail over files that are not as they should be', () => {
  it('takes a line once, whichever files have it and whenever they come, and no file that is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dwt-retail-'));
    const data = join(folder, 'data');
    mkdirSync(data);
    const put = (name: string, text: string): void => writeFileSync(join(data, name), name.endsWith('.gz') ? gzipSync(text) : text);
    put('2011-01-04.csv.gz', FIELDS + line(1, '2011-01-04') + line(2, '2011-01-04') + line(1, '2011-01-04'));
    // Of another day, and one that differs in a space alone.
    put('2011-01-05.csv', FIELDS + line(2, '2011-01-04') + line(2, '2011-01-04', ' 2.5') + line(3, '2011-01-05'));
    for (const name of ['2011-01-05.csv.gz.bak', 'notes.csv', '2011-01-06.csvx', '11-01-06.csv']) put(name, 'nothing\nof the kind\n');
    const args = (until: string): string[] => ['--vars', `{data_dir: '${data}', until: ${until}}`];
    const [atOnce, daily] = ['once', 'daily'].map((name) => {
      cpSync('examples/online-retail', join(folder, name), { recursive: true, filter: (path) => !path.includes('target') });
      return join(folder, name);
    }) as [string, string];
    const lines = async (cwd: string): Promise<unknown> => {
      const sql = "select source_file, invoice_no, line_number, unit_price, rejected_reason from {{ ref('stg_invoice_lines') }} order by 1, 2, 3";
      return (JSON.parse((await dwt(['show', '--inline', sql, '--output', 'json', '--quiet', ...args('null')], { cwd })).stdout) as object[]).map((r) =>
        Object.values(r).join(' '),
      );
    };
    for (const until of ['2011-1-4', '2011-01-05']) expect((await dwt(['build', ...args(until)], { cwd: daily })).exit).toBe(0);
    expect((await dwt(['build', ...args('null')], { cwd: atOnce })).exit).toBe(0);
    const first = ['2011-01-04.csv.gz 1 1 2.5 ', '2011-01-04.csv.gz 1 2 2.5 duplicate', '2011-01-04.csv.gz 2 1 2.5 '];
    const second = ['2011-01-05.csv 2 1 2.5 duplicate', '2011-01-05.csv 2 2 2.5 ', '2011-01-05.csv 3 1 2.5 '];
    expect(await lines(atOnce)).toEqual([...first, ...second]);
    expect(await lines(daily)).toEqual([...first, ...second]);
    // The day once more, under its other name.
    put('2011-01-04.csv', FIELDS + line(1, '2011-01-04') + line(2, '2011-01-04') + line(1, '2011-01-04'));
    expect((await dwt(['build', ...args('2011-01-05')], { cwd: daily })).exit).toBe(0);
    const again = ['2011-01-04.csv 1 1 2.5 duplicate', '2011-01-04.csv 1 2 2.5 duplicate', '2011-01-04.csv 2 1 2.5 duplicate'];
    expect(await lines(daily)).toEqual([...again, ...first, ...second]);
    for (const until of ['2011', 'soon', '2011-01-05x']) {
      const { exit, stderr } = await dwt(['build', ...args(until)], { cwd: daily });
      expect([exit, stderr]).toEqual([2, expect.stringContaining(`The variable until must be a day such as 2010-12-31, not '${until}'.`)]);
    }
    rmSync(folder, { recursive: true });
  });
});

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
