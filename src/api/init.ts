// A small project of the person's own, that builds at once on DuckDB: a seed, a view, a table, a data test. Nothing that
// is there is overwritten.
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fail, Failure } from '../diagnostics/diagnostic.ts';
import { isRefusal, unwritten } from '../files/refusal.ts';
import { makeFolder } from '../files/write.ts';
import type { Host } from './options.ts';

/** Writes a project into a new or empty folder. Returns the folder and the files written, relative to it. Throws `Failure`. */
export function initProject(folder: string, host: Pick<Host, 'cwd'>): { readonly root: string; readonly files: readonly string[] } {
  const root = resolve(host.cwd, folder);
  const name =
    basename(root)
      .toLowerCase()
      .replace(/[^a-z0-9_]+/g, '_')
      .replace(/^(\d)/, '_$1')
      .replace(/^_+$/, '') || 'warehouse';
  const shown = relative(host.cwd, root) || '.';
  if (existsSync(root) && !statSync(root).isDirectory())
    fail('cli/usage', `${shown} is a file, so nothing was written.`, { help: 'Name a new folder: dwt init shop' });
  const found = existsSync(root) ? readdirSync(root).filter((f) => !f.startsWith('.')) : [];
  if (found.length > 0) fail('cli/usage', `The folder ${shown} is not empty, so nothing was written.`, { help: 'Name a new folder: dwt init shop' });
  const texts = filesOf(name);
  const made: string[] = [];
  const files: string[] = [];
  for (const [path, text] of Object.entries(texts)) {
    // A .gitignore of the person's own.
    if (existsSync(join(root, path))) continue;
    try {
      const first = makeFolder(dirname(join(root, path)));
      if (first !== undefined) made.push(first);
      writeFileSync(join(root, path), text, { flag: 'wx' });
      made.push(join(root, path));
      files.push(path);
    } catch (e) {
      if (!isRefusal(e)) throw e;
      // Half a project would be in the way of the next attempt.
      for (const m of made) rmSync(m, { recursive: true, force: true });
      throw new Failure(unwritten(join(shown, path), e, { help: 'Name a folder where you may write: dwt init /tmp/shop' }));
    }
  }
  return { root, files };
}

function filesOf(name: string): Readonly<Record<string, string>> {
  return {
    'project.yml': `name: ${name}

target: dev
targets:
  dev:
    type: duckdb
    path: target/${name}.duckdb
  # prod:
  #   type: postgres
  #   url: "{{ env_var('DATABASE_URL') }}"

models:
  ${name}:
    staging:
      +materialized: view
    marts:
      +materialized: table
`,
    '.gitignore': 'target/\n',
    'seeds/raw_orders.csv': `order_id,customer,ordered_on,amount
1,Ada,2026-01-03,25.00
2,Grace,2026-01-04,13.50
3,Ada,2026-01-09,7.25
4,Edsger,2026-02-01,99.90
`,
    'seeds/_seeds.yml': `seeds:
  - name: raw_orders
    description: Orders as the shop exports them.
    config:
      column_types: {amount: 'decimal(10,2)'}
`,
    'models/staging/stg_orders.sql': `select
    order_id,
    trim(customer) as customer,
    ordered_on,
    amount
from {{ ref('raw_orders') }}
`,
    'models/marts/customer_orders.sql': `select
    customer,
    count(*) as orders,
    sum(amount) as revenue,
    min(ordered_on) as first_order_on
from {{ ref('stg_orders') }}
group by customer
order by customer
`,
    'models/_models.yml': `models:
  - name: stg_orders
    description: An order.
    columns:
      - name: order_id
        data_tests: [unique, not_null]

  - name: customer_orders
    description: A customer with all orders so far.
    columns:
      - name: customer
        data_tests: [unique, not_null]
`,
  };
}
