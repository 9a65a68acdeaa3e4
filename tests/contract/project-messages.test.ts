// What an engine refuses is told at the place in the model that is wrong, with the near name where there is one: the same slips
// on every engine, whatever it says itself of place and name.
import { expect, test } from 'vitest';
import { onEveryProject } from './project.ts';

const ORDERS = `select
    o.order_id,
    o.status,
    o.amount,
    c.customer_name
from {{ ref('raw_orders') }} as o
join {{ ref('customers') }} as c
    on c.customer_id = o.customer_id
`;

const FILES = {
  'seeds/raw_orders.csv': 'order_id,customer_id,status,amount\n1,1,paid,12\n2,1,open,0\n',
  'models/customers.sql': "{{ config(materialized='table') }}\nselect 1 as customer_id, 'Ada' as customer_name\n",
  'models/orders.sql': ORDERS,
};

interface Slip {
  readonly what: string;
  readonly from: string;
  readonly to: string;
  /** The text of the model that is marked. */
  readonly marks: string;
  readonly help?: string;
}

const SLIPS: readonly Slip[] = [
  { what: 'a column', from: 'o.status,', to: 'o.statsu,', marks: 'o.statsu', help: "Did you mean 'status'?" },
  { what: 'a column without a table before it', from: 'c.customer_name', to: 'customer_nam', marks: 'customer_nam', help: "Did you mean 'customer_name'?" },
  { what: 'a column in a condition', from: 'c.customer_id =', to: 'c.customr_id =', marks: 'c.customr_id', help: "Did you mean 'customer_id'?" },
  { what: 'the name of a table', from: 'c.customer_name', to: 'cu.customer_name', marks: 'cu.customer_name', help: 'Tables here: o, c.' },
  {
    what: 'a table without ref()',
    from: "{{ ref('customers') }}",
    to: 'custmers',
    marks: 'custmers',
    help: "Did you mean 'customers'? That is model 'customers': {{ ref('customers') }}.",
  },
  { what: 'a function', from: 'o.status,', to: 'uper(o.status) as status,', marks: 'uper', help: "Did you mean 'upper'?" },
  { what: 'a keyword', from: 'join {{', to: 'jion {{', marks: 'jion', help: "Did you mean 'join'?" },
  { what: 'a comma', from: 'o.status,\n', to: 'o.status\n', marks: '.amount', help: 'Is a comma missing at the end of the line above?' },
  { what: 'a column of two tables', from: 'o.status,', to: 'customer_id,', marks: 'customer_id' },
];

const IN_TABLE = "{{ config(materialized='table') }}\n";

onEveryProject('messages', FILES, (p) => {
  const place = (sql: string, marked: string): string => {
    const at = sql.indexOf(marked);
    return `models/orders.sql:${sql.slice(0, at).split('\n').length}:${at - sql.lastIndexOf('\n', at - 1)}\n`;
  };

  test.each(SLIPS)('$what that is wrong', async ({ from, to, marks, help }) => {
    await p.good('seed');
    await p.good('run', '--select', 'customers');
    const sql = IN_TABLE + ORDERS.replace(from, () => to);
    expect(sql).toContain(to);
    p.write({ 'models/orders.sql': sql });
    const ran = await p.dwt('run', '--select', 'orders');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('error[execute/sql-failed]');
    expect(ran.stderr).toContain(`--> ${place(sql, marks)}`);
    if (help !== undefined) expect(ran.stderr).toContain(`help: ${help}`);
  });

  test('a value that does not fit is placed in the view that converts it', async () => {
    await p.good('seed');
    const type = p.engine === 'mysql' ? 'date' : 'integer';
    const view = `select order_id, cast(status as ${type}) as status from {{ ref('raw_orders') }}\n`;
    p.write({ 'models/orders.sql': view, 'models/reader.sql': "{{ config(materialized='table') }}\nselect max(status) as s from {{ ref('orders') }}\n" });
    const ran = await p.dwt('run', '--select', 'orders', 'reader');
    expect(ran.stderr).toContain('error[execute/sql-failed]');
    expect(ran.stderr).toContain('models/orders.sql');
  });

  test('a division by zero is placed at the division', async () => {
    await p.good('seed');
    const sql = `${IN_TABLE}select\n    order_id,\n    100 / amount as share -- of 1/100\nfrom {{ ref('raw_orders') }}\n`;
    p.write({ 'models/orders.sql': sql });
    const ran = await p.dwt('run', '--select', 'orders');
    // DuckDB divides by zero without complaint.
    expect(ran.code).toBe(p.engine === 'duckdb' ? 0 : 1);
    if (p.engine !== 'duckdb') expect(ran.stderr).toContain('--> models/orders.sql:4:9\n');
  });

  test('a text that is no number is placed at its cast', async () => {
    await p.good('seed');
    const [type, cast] = p.engine === 'mysql' ? ['date', 'cast(status as date)'] : ['integer', 'cast(status as integer)'];
    p.write({ 'models/orders.sql': `${IN_TABLE}select\n    order_id,\n    ${cast} as a_${type}\nfrom {{ ref('raw_orders') }}\n` });
    const ran = await p.dwt('run', '--select', 'orders');
    expect(ran.code, ran.stdout).toBe(1);
    expect(ran.stderr).toContain('--> models/orders.sql:4:5\n');
  });

  test('an undefined name that is printed is told before what follows from it, on its own line once', async () => {
    await p.good('seed');
    p.write({ 'models/orders.sql': "{% set limit_to = 5 %}\nselect * from {{ ref('raw_orders') }}\nwhere amount > {{ limit_too }}\n" });
    const ran = await p.dwt('run', '--select', 'orders');
    expect(ran.code).toBe(1);
    expect(ran.stderr.match(/^(error|warning)\[/gm)).toHaveLength(1);
    expect(ran.stderr).toContain("'limit_too' is undefined, so nothing is printed, and the SQL is refused: ");
    expect(ran.stderr).toContain('--> models/orders.sql:3:19\n');
    expect(ran.stderr).toContain("help: Did you mean 'limit_to'?");
  });
});
