// The demo moved through a year, a build a month: after each, dimensions, facts and aggregates are what plain SQL over all
// files generated so far says they are, and keys once given stay. The SQL here shares nothing with the project's own.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dwt } from './support/cli.ts';

const MONTHS = Array.from({ length: 12 }, (_, m) => new Date(Date.UTC(2025, m + 1, 0)).toISOString().slice(0, 10));
const SOURCES = ['customers', 'products', 'stores', 'promotions', 'transactions'];

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'dwt-months-'));
  for (const part of ['project.yml', 'models', 'macros', 'seeds', 'snapshots', 'tests/generic', '.dwtignore'])
    cpSync(part, join(cwd, part), { recursive: true });
  cpSync('tests', join(cwd, 'tests'), { recursive: true, filter: (path) => path === 'tests' || path.endsWith('.sql') });
});
afterAll(() => rmSync(cwd, { recursive: true }));

/** The warehouse behind the tool's back, with what the files of every month say beside it. */
async function looking<T>(work: (ask: Ask) => Promise<T>): Promise<T> {
  const db = await DuckDBInstance.create(join(cwd, 'target/retail.duckdb'), { access_mode: 'READ_ONLY' });
  const connection = await db.connect();
  const ask: Ask = async (sql) => await (await connection.run(sql)).getRowsJson();
  try {
    for (const source of SOURCES) {
      await ask(`create temp table ${source}_now as select * from read_csv('${cwd}/seeds/${source}.csv', all_varchar = true)`);
      if (source === 'transactions') continue;
      // What a file said after each month up to this one, with the day it was seen.
      const files = `read_csv('${cwd}/months/*/${source}.csv', all_varchar = true, filename = true)`;
      await ask(`create temp table ${source}_seen as select *, cast(regexp_extract(filename, '(\\d{4}-\\d\\d-\\d\\d)', 1) as date) as seen_on from ${files}`);
    }
    await ask(`create temp table sales as ${FACT}`);
    return await work(ask);
  } finally {
    connection.closeSync();
    db.closeSync();
  }
}

type Ask = (sql: string) => Promise<unknown[][]>;

/** Rows of one query that the other lacks, both ways, as often as they are there. */
async function differences(ask: Ask, a: string, b: string): Promise<unknown[][]> {
  return await ask(`(select 'only in the warehouse' as side, * from ((${a}) except all (${b})) limit 3)
    union all by name (select 'only in the files' as side, * from ((${b}) except all (${a})) limit 3)`);
}

/** A row for each stretch of months in which the tracked columns did not change; the first reaches back to the beginning of time. */
function history(source: string, id: string, tracked: readonly string[]): string {
  const changed = tracked.map((c) => `${c} is distinct from lag(${c}) over w`).join(' or ');
  return `select ${id}, ${tracked.join(', ')},
      case when row_number() over v = 1 then date '1900-01-01' else seen_on end as effective_date,
      lead(seen_on) over v as expiration_date
    from (select *, (${changed}) or row_number() over w = 1 as starts from ${source}_seen window w as (partition by ${id} order by seen_on))
    where starts window v as (partition by ${id} order by seen_on)`;
}

const CUSTOMERS = history('customers', 'customer_id', ['customer_segment']);
const PRODUCTS = history('products', 'product_id', ['unit_price', 'unit_cost']);

const FACT = `
  with lines as (
    select distinct transaction_id, cast(line_item_number as int) as line, cast(transaction_date as date) as sold_on, customer_id, product_id, store_id,
      coalesce(promotion_id, 'PROMO000') as promotion_id, cast(quantity as int) as quantity, cast(unit_price as decimal(10, 2)) as unit_price,
      cast(discount_amount as decimal(10, 2)) as discount, cast(tax_amount as decimal(10, 2)) as tax
    from transactions_now)
  select transaction_id, line, sold_on, l.customer_id, c.customer_segment, c.effective_date as customer_since, l.product_id, p.effective_date as product_since,
    store_id, promotion_id, quantity, cast(l.unit_price * quantity - discount + tax as decimal(10, 2)) as total,
    cast(cast(p.unit_cost as decimal(10, 2)) * quantity as decimal(10, 2)) as cost
  from lines as l
  left join (${CUSTOMERS}) as c on c.customer_id = l.customer_id and sold_on >= c.effective_date and sold_on < coalesce(c.expiration_date, date '9999-01-01')
  left join (${PRODUCTS}) as p on p.product_id = l.product_id and sold_on >= p.effective_date and sold_on < coalesce(p.expiration_date, date '9999-01-01')`;

const BUILT_FACT = `
  select f.transaction_id, f.line_item_number as line, d.full_date as sold_on, c.customer_id, c.customer_segment, c.effective_date as customer_since, p.product_id,
    p.effective_date as product_since, s.store_id, m.promotion_id, f.quantity, f.total_amount as total, f.cost
  from fact_sales as f join dim_date as d using (date_key) join dim_customer as c using (customer_key) join dim_product as p using (product_key)
  join dim_store as s using (store_key) join dim_promotion as m using (promotion_key)`;

const CHECKS: Readonly<Record<string, readonly [warehouse: string, files: string]>> = {
  'versions of customers': ['select customer_id, customer_segment, effective_date, expiration_date from dim_customer where customer_key > 0', CUSTOMERS],
  'versions of products': [
    'select product_id, unit_price, unit_cost, effective_date, expiration_date from dim_product where product_key > 0',
    `select product_id, cast(unit_price as decimal(10, 2)), cast(unit_cost as decimal(10, 2)), effective_date, expiration_date from (${PRODUCTS})`,
  ],
  'current versions': ['select customer_id from dim_customer where is_current and customer_key > 0', `select customer_id from customers_now`],
  'overwritten columns, in every version': [
    'select distinct customer_id, first_name, email, address, city, postal_code from dim_customer where customer_key > 0',
    `select customer_id, first_name, email, address, city, postal_code from customers_now`,
  ],
  stores: [
    'select store_id, store_name, manager, number_of_employees from dim_store where store_key > 0',
    `select store_id, store_name, manager, cast(number_of_employees as int) from stores_now`,
  ],
  'every line of every transaction, at the versions of its day': [BUILT_FACT, 'select * from sales'],
  'the daily aggregate': [
    `select d.full_date, s.store_id, p.product_id, p.effective_date as product_since, total_quantity, total_revenue, total_profit, transaction_count
     from fact_sales_daily join dim_date as d using (date_key) join dim_store as s using (store_key) join dim_product as p using (product_key)`,
    `select sold_on, store_id, product_id, product_since, cast(sum(quantity) as bigint), cast(sum(total) as decimal(15, 2)), cast(sum(total - cost) as decimal(15, 2)), count(distinct transaction_id)
     from sales group by all`,
  ],
  'the totals of the quality report': [
    `select metric, value from data_quality`,
    `select unnest(['Total Customers', 'Total Products', 'Total Stores', 'Total Promotions', 'Total Transactions', 'Total Sales Rows', 'Total Revenue', 'Total Profit']),
       unnest([(select count(*) from customers_now), (select count(*) from products_now), (select count(*) from stores_now), (select count(*) from promotions_now),
         (select count(distinct transaction_id) from sales), (select count(*) from sales), (select sum(total) from sales), (select sum(total - cost) from sales)]::decimal(18, 2)[])`,
  ],
};

const KEYS = `
  select 'customer', customer_key, customer_id || ' ' || effective_date from dim_customer union all
  select 'product', product_key, product_id || ' ' || effective_date from dim_product union all
  select 'store', store_key, store_id from dim_store union all
  select 'promotion', promotion_key, promotion_id from dim_promotion union all
  select 'sale', sales_key, transaction_id || ' ' || line_item_number from fact_sales`;

it('is right after each month of a year', async () => {
  let given = new Map<string, string>();
  let versions = 0;
  for (const day of ['2024-12-31', ...MONTHS]) {
    const generated = await dwt(['generate', '--until', day, '--quiet'], { cwd });
    expect([generated.exit, generated.stderr]).toEqual([0, '']);
    mkdirSync(join(cwd, 'months', day), { recursive: true });
    for (const source of SOURCES) cpSync(join(cwd, 'seeds', `${source}.csv`), join(cwd, 'months', day, `${source}.csv`));
    const built = await dwt(['build', '--vars', `{as_of: '${day}'}`], { cwd });
    expect(`${day} ${built.stdout.split('\n').findLast((l) => l !== '')}`).toMatch(/Done\. PASS=\d+ WARN=0 ERROR=0 SKIP=0/);
    await looking(async (ask) => {
      for (const [what, [warehouse, files]] of Object.entries(CHECKS)) expect([day, what, await differences(ask, warehouse, files)]).toEqual([day, what, []]);
      const keys = new Map((await ask(KEYS)).map(([kind, key, of]) => [`${String(kind)} ${String(of)}`, String(key)]));
      for (const [of, key] of given) expect(`${of}: ${keys.get(of)}`).toBe(`${of}: ${key}`);
      expect(new Set([...keys].map(([of, key]) => `${of.split(' ')[0]} ${key}`)).size).toBe(keys.size);
      given = keys;
      const [[count]] = (await ask('select (select count(*) from dim_customer) + (select count(*) from dim_product)')) as [[string]];
      // Something happened in every month: else this would prove nothing.
      expect(Number(count)).toBeGreaterThan(versions);
      versions = Number(count);
    });
  }
  await looking(async (ask) => {
    // Every run is on record, with every node of it and what it loaded.
    const runs = await ask("select command, status, nodes, succeeded + warned, failed from dwt_history.runs where command = 'build' order by started_at");
    expect(runs).toHaveLength(MONTHS.length + 1);
    for (const run of runs) expect(run).toEqual(['build', 'success', runs[0]![2], runs[0]![2], 0]);
    expect(
      await ask(`select r.run_id from dwt_history.runs as r where nodes <> (select count(*) from dwt_history.nodes as n where n.run_id = r.run_id)`),
    ).toEqual([]);
    // Each sale came in with a batch that is on record, and each batch brought in what it says.
    expect(
      await ask(
        `select etl_batch_id from fact_sales anti join dwt_history.batches as b on b.batch_id = etl_batch_id and b.node_id = 'model.retail.fact_sales'`,
      ),
    ).toEqual([]);
    expect(await ask(`select count(distinct etl_batch_id) from fact_sales`)).toEqual([[String(MONTHS.length + 1)]]);
  });
}, 600_000);
