// The retail warehouse at the root of the repository, as a newcomer builds it: twice in a row, held against arithmetic
// over the CSV files, with the source document's columns in every report.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dwt } from './support/cli.ts';

/** A copy of the demo project in a folder of its own. */
function copyOfDemo(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dwt-demo-'));
  for (const part of ['project.yml', 'models', 'macros', 'seeds', 'snapshots', 'tests/generic', '.dwtignore'])
    cpSync(part, join(folder, part), { recursive: true });
  cpSync('tests', join(folder, 'tests'), { recursive: true, filter: (path) => path === 'tests' || path.startsWith('tests/generic') || path.endsWith('.sql') });
  return folder;
}

async function rows(cwd: string, sql: string): Promise<Record<string, unknown>[]> {
  const shown = await dwt(['show', '--inline', sql, '--output', 'json', '--limit', '-1', '--quiet'], { cwd });
  expect(shown.stderr).toBe('');
  return JSON.parse(shown.stdout) as Record<string, unknown>[];
}

/** Rows of a plain CSV file: the seeds that are read here quote nothing. */
function csv(path: string): Record<string, string>[] {
  const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const names = header!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((field, i) => [names[i]!, field])));
}

const cents = (text: string): bigint =>
  BigInt(text.replace(/^(-?\d+)(?:\.(\d{1,2}))?$/, (_w, whole: string, part: string | undefined) => whole + (part ?? '').padEnd(2, '0')));

const EVERYTHING = [
  'dim_date',
  'dim_customer',
  'dim_product',
  'dim_store',
  'dim_promotion',
  'fact_sales',
  'fact_sales_daily',
  'customers_snapshot',
  'products_snapshot',
];

describe('the demo warehouse on DuckDB', () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = copyOfDemo();
    const built = await dwt(['build'], { cwd });
    expect(built.stdout).toMatch(/Done\. PASS=\d+ WARN=0 ERROR=0 SKIP=0/);
    expect(built.exit).toBe(0);
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  it('has the sales of the CSV files, to the cent', async () => {
    const lines = csv(join(cwd, 'seeds/transactions.csv'));
    const revenue = lines.reduce(
      (sum, l) => sum + cents(l['unit_price']!) * BigInt(l['quantity']!) - cents(l['discount_amount']!) + cents(l['tax_amount']!),
      0n,
    );
    const [fact] = await rows(cwd, "select count(*) as n, sum(total_amount) as revenue from {{ ref('fact_sales') }}");
    expect(fact).toEqual({ n: lines.length, revenue: Number(revenue) / 100 });
  });

  it('changes nothing when it is built again', async () => {
    const state = async (): Promise<unknown[]> =>
      await Promise.all(EVERYTHING.map((t) => rows(cwd, `select count(*) as n, sum(hash(t)::hugeint) as content from {{ ref('${t}') }} as t`)));
    const before = await state();
    expect((await dwt(['build'], { cwd })).exit).toBe(0);
    expect(await state()).toEqual(before);
  });

  it.each([
    ['sales_by_month', 'year,month,month_name,transactions,units_sold,revenue,profit,avg_transaction_value', 12],
    ['top_products', 'product_name,category,brand,units_sold,revenue,profit', 10],
    ['customer_segments', 'customer_segment,customer_count,transactions,revenue,avg_order_value,revenue_per_customer', 4],
    ['store_performance', 'store_name,store_type,city,state,transactions,units_sold,revenue,profit,profit_margin_pct', 20],
    ['promotion_effectiveness', 'promotion_name,promotion_type,discount_percentage,transactions,units_sold,revenue,total_discounts,profit', 24],
    ['weekly_sales_trend', 'day_name,day_of_week,transactions,units_sold,revenue,avg_transaction', 7],
    ['category_performance', 'category,product_count,units_sold,revenue,profit,profit_margin_pct', 4],
    ['etl_batches', 'etl_batch_id,records_loaded,start_time,end_time', 1],
    ['etl_runs', 'etl_batch_id,command,status,start_time,end_time,nodes,failed,rows_affected,message', 2],
    ['orphaned_facts', 'dimension,orphaned_records', 5],
    ['data_freshness', 'latest_data_date,days_old', 1],
    ['data_quality', 'metric,value', 8],
  ])('%s has the columns of the document, in its order', async (report, columns, count) => {
    const found = await rows(cwd, `select * from {{ ref('${report}') }}`);
    expect(Object.keys(found[0]!).slice(0, columns.split(',').length).join(',')).toBe(columns);
    expect(found).toHaveLength(count);
  });

  it('orders the reports by revenue, months and days', async () => {
    const revenues = (await rows(cwd, "select revenue from {{ ref('top_products') }}")).map((r) => Number(r['revenue']));
    expect(revenues).toEqual(revenues.toSorted((a, b) => b - a));
    expect((await rows(cwd, "select day_of_week from {{ ref('weekly_sales_trend') }}")).map((r) => r['day_of_week'])).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});

describe('the demo, one command at a time', () => {
  it('takes seed, run, test and snapshot alone', async () => {
    const cwd = copyOfDemo();
    for (const command of ['seed', 'run', 'test', 'snapshot']) {
      const done = await dwt([command], { cwd });
      expect(`${command}: ${done.stdout.split('\n').findLast((l) => l !== '')}`).toMatch(/Done\. PASS=\d+ WARN=0 ERROR=0 SKIP=0/);
      expect(done.exit).toBe(0);
    }
    rmSync(cwd, { recursive: true });
  });
});

describe('the demo with a load that fails', () => {
  it('has it among the batches, with no records, until so many others have come', async () => {
    const cwd = copyOfDemo();
    const model = join(cwd, 'models/marts/fact_sales.sql');
    const good = readFileSync(model, 'utf8');
    expect((await dwt(['build'], { cwd })).exit).toBe(0);
    writeFileSync(model, good.replace(/from numbered\n$/, 'from nowhere\n'));
    expect((await dwt(['run', '--select', 'fact_sales+'], { cwd })).exit).toBe(1);
    writeFileSync(model, good);
    expect((await dwt(['run', '--select', 'fact_sales+'], { cwd })).exit).toBe(0);
    const batches = await rows(cwd, "select *, start_time <= end_time as in_order from {{ ref('etl_batches') }}");
    expect(batches.map((b) => [b['records_loaded'], b['in_order']])).toEqual([
      [0, true],
      [30247, true],
    ]);
    expect(batches[0]!['etl_batch_id']).toBeGreaterThan(Number(batches[1]!['etl_batch_id']));
    expect(Object.keys(batches[0]!).slice(0, 4)).toEqual(['etl_batch_id', 'records_loaded', 'start_time', 'end_time']);
    const runs = await rows(cwd, "select status, failed, message from {{ ref('etl_runs') }}");
    expect(runs).toEqual([
      { status: 'success', failed: 0, message: null },
      { status: 'failed', failed: 1, message: expect.stringMatching(/^model 'fact_sales': .*nowhere/) },
      { status: 'success', failed: 0, message: null },
    ]);
    rmSync(cwd, { recursive: true });
  });
});

describe('the demo with input that is not what it should be', () => {
  it('takes a customer without an id for no member, run after run', async () => {
    const cwd = copyOfDemo();
    const seed = join(cwd, 'seeds/customers.csv');
    writeFileSync(seed, `${readFileSync(seed, 'utf8')},Null,Person,a@example.com,,1990-01-01,Male,Gold,2024-01-01,,,,USA,\n`);
    expect((await dwt(['seed'], { cwd })).exit).toBe(0);
    for (let run = 0; run < 2; run++) {
      expect((await dwt(['run'], { cwd })).exit).toBe(0);
      expect(await rows(cwd, "select count(*) as n, max(customer_key) as top from {{ ref('dim_customer') }}")).toEqual([{ n: 1001, top: 1000 }]);
    }
    const tested = await dwt(['test', '--select', 'stg_customers'], { cwd });
    expect(tested.exit).toBe(1);
    expect(tested.stdout).toMatch(/FAIL +test +not_null_stg_customers_customer_id +1 row/);
    rmSync(cwd, { recursive: true });
  });

  it('starts from files with nothing but their header, and takes the rows when they come', async () => {
    const cwd = copyOfDemo();
    const seeds = ['customers', 'products', 'stores', 'promotions', 'transactions'].map((name) => join(cwd, `seeds/${name}.csv`));
    const full = seeds.map((path) => readFileSync(path, 'utf8'));
    for (const [i, path] of seeds.entries()) writeFileSync(path, `${full[i]!.split('\n')[0]}\n`);
    expect((await dwt(['build'], { cwd })).stdout).toMatch(/Done\. PASS=\d+ WARN=0 ERROR=0 SKIP=0/);
    expect(await rows(cwd, "select promotion_key, promotion_id from {{ ref('dim_promotion') }} order by 1")).toEqual([
      { promotion_key: -1, promotion_id: 'Unknown' },
      { promotion_key: 1, promotion_id: 'PROMO000' },
    ]);
    for (const [i, path] of seeds.entries()) writeFileSync(path, full[i]!);
    expect((await dwt(['build'], { cwd })).stdout).toMatch(/Done\. PASS=\d+ WARN=0 ERROR=0 SKIP=0/);
    const keys = ['customer', 'product', 'store', 'promotion'].map(
      (d) => `select '${d}' as dimension, min(${d}_key) as lowest, max(${d}_key) as highest, count(*) as n from {{ ref('dim_${d}') }} where ${d}_key <> -1`,
    );
    expect(await rows(cwd, `${keys.join(' union all ')} order by n`)).toEqual([
      { dimension: 'store', lowest: 1, highest: 20, n: 20 },
      { dimension: 'promotion', lowest: 1, highest: 51, n: 51 },
      { dimension: 'product', lowest: 1, highest: 500, n: 500 },
      { dimension: 'customer', lowest: 1, highest: 1000, n: 1000 },
    ]);
    rmSync(cwd, { recursive: true });
  });

  it('has days for every sale, and finds one that is decades away', async () => {
    const cwd = copyOfDemo();
    expect((await dwt(['generate', '--until', '2026-02-28'], { cwd })).exit).toBe(0);
    expect((await dwt(['build', '--vars', '{as_of: 2026-02-28}'], { cwd })).stdout).toMatch(/Done\. PASS=\d+ WARN=0 ERROR=0 SKIP=0/);
    expect(await rows(cwd, "select count(*) as n, min(full_date) as a, max(full_date) as b from {{ ref('dim_date') }}")).toEqual([
      { n: 1461, a: '2023-01-01', b: '2026-12-31' },
    ]);
    const seed = join(cwd, 'seeds/transactions.csv');
    const [header, first, ...rest] = readFileSync(seed, 'utf8').split('\n');
    writeFileSync(seed, [header, first!.replace(/\b20\d\d(-\d\d-\d\d)/, '2204$1').replace(/^[^,]+/, 'TRANS9999999999'), first, ...rest].join('\n'));
    const built = await dwt(['build', '--vars', '{as_of: 2026-02-28}'], { cwd });
    expect(built.exit).toBe(1);
    expect(built.stdout).toMatch(/FAIL +test +relationships_fact_sales_date_key__date_key__ref_dim_date_ +1 row/);
    rmSync(cwd, { recursive: true });
  });
});
