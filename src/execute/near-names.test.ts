// Near names for what an engine does not know.
import { expect, test } from 'vitest';
import type { Missing } from '../adapters/failures.ts';
import type { Resource } from '../project/resources.ts';
import { helpWith } from './near-names.ts';

const COLUMNS = new Map([
  ['orders', ['order_id', 'status', 'amount']],
  ['customers', ['customer_id', 'name', 'state']],
]);
const RESOURCES = [
  { type: 'seed', id: 'seed.shop.orders', name: 'orders', relation: { database: null, schema: 'main', identifier: 'orders' } },
  { type: 'source', id: 'source.shop.raw.people', sourceName: 'raw', name: 'people', relation: { database: null, schema: 'raw', identifier: 'people_v2' } },
] as unknown as Resource[];

const SQL = 'select o.order_id, c.name as customer_name from orders as o join customers c on c.customer_id = o.order_id';

const help = (missing: Missing, sql = SQL): string | undefined => helpWith(missing, { sql, columns: COLUMNS, resources: RESOURCES });

test.each<[string, Missing, string | undefined]>([
  ['of the table before the dot', { kind: 'column', name: 'statu', qualifier: 'o' }, "Did you mean 'status'?"],
  ['and of no other', { kind: 'column', name: 'status', qualifier: 'c' }, "Did you mean 'state'?"],
  ['of any table', { kind: 'column', name: 'amont' }, "Did you mean 'amount'?"],
  ['of the query itself', { kind: 'column', name: 'custmer_name' }, "Did you mean 'customer_name'?"],
  ['of what the engine offers', { kind: 'column', name: 'rowidd', candidates: ['t.rowid'] }, "Did you mean 'rowid'?"],
  ['columns where none is near', { kind: 'column', name: 'zzz', qualifier: 'o' }, 'Columns here: order_id, status, amount.'],
  ['nothing where nothing is known', { kind: 'column', name: 'zzz' }, undefined],
  ['a table that is not there before the dot', { kind: 'column', name: 'name', qualifier: 'cu' }, 'Tables here: o, c.'],
  ['an alias', { kind: 'alias', name: 'x' }, 'Tables here: o, c.'],
  ['a relation', { kind: 'relation', name: 'ordrs' }, "Did you mean 'orders'? That is seed 'orders': {{ ref('orders') }}."],
  ['a source', { kind: 'relation', name: 'people_v1' }, "Did you mean 'people_v2'? That is source 'raw.people': {{ source('raw', 'people') }}."],
  ['a relation of the engine alone', { kind: 'relation', name: 'logg', candidates: ['log'] }, "Did you mean 'log'?"],
  ['a function', { kind: 'function', name: 'colaesce' }, "Did you mean 'coalesce'?"],
  [
    'a function of another engine',
    { kind: 'function', name: 'DATEDIFF' },
    'The same on every engine: {{ dbt.datediff(first_date, second_date, datepart) }}, its arguments being texts of SQL.',
  ],
  [
    'one that has another name there',
    { kind: 'function', name: 'string_agg' },
    'The same on every engine: {{ dbt.listagg(measure, delimiter_text, order_by_clause, limit_num) }}, its arguments being texts of SQL.',
  ],
  ['one that the standard has a word for', { kind: 'function', name: 'nvl' }, 'Standard SQL has coalesce(a, b) for it.'],
  ['one that no macro is for', { kind: 'function', name: 'constructor' }, undefined],
  ['a type', { kind: 'type', name: 'varchr' }, "Did you mean 'varchar'?"],
  ['quotes of a text document', { kind: 'column', name: '‘open’' }, "These are typographic quotes: write 'open'."],
])('%s', (_, missing, expected) => {
  expect(help(missing)).toBe(expected);
});
