// A small project of the person's own, that builds at once on DuckDB: a seed, a view, a table, a data test. Nothing that
// is there is overwritten.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
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
  const found = existsSync(root) ? readdirSync(root).filter((f) => !f.startsWith('.')) : [];
  if (found.length > 0)
    fail('cli/usage', `The folder ${relative(host.cwd, root) || '.'} is not empty, so nothing was written.`, { help: 'Name a new folder: dwt init shop' });
  const texts = filesOf(name);
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { root, files: Object.keys(texts) };
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
