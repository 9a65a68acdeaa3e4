import { expect, test } from 'vitest';
import type { Resource } from '../project/resources.ts';
import { erd, type GraphView, mermaid } from './diagrams.ts';

type Column = { data_type?: string; constraints?: readonly Record<string, unknown>[] };

const resource = (type: string, name: string, columns: Readonly<Record<string, Column>> = {}, more: object = {}): Resource =>
  ({
    type,
    id: `${type}.shop.${name}`,
    name,
    config: {},
    columns: Object.fromEntries(Object.entries(columns).map(([c, of]) => [c, { name: c, data_type: null, constraints: [], ...of }])),
    ...more,
  }) as unknown as Resource;

/** A generic test; it reads what it is attached to, and what it points to. */
const check = (test: string, attachedTo: string, column: string, to: { field?: string; config?: object } = {}): Resource =>
  resource(
    'test',
    `${test}_${attachedTo}_${column}`,
    {},
    {
      config: to.config ?? {},
      generic: { test, attachedTo, column, arguments: to.field === undefined ? {} : { field: to.field } },
    },
  );

const graph = (resources: readonly Resource[], edges: Readonly<Record<string, readonly string[]>> = {}): GraphView => ({
  resources: new Map(resources.map((r) => [r.id, r])),
  order: resources.map((r) => r.id),
  parents: (id) => edges[id] ?? [],
});

const all = (g: GraphView): Set<string> => new Set(g.order);

const shop = graph(
  [
    resource('seed', 'raw'),
    resource('model', 'stg'),
    resource('model', 'orders'),
    resource('snapshot', 'history'),
    resource('source', 'items', {}, { sourceName: 'web' }),
  ],
  { 'model.shop.stg': ['seed.shop.raw'], 'model.shop.orders': ['model.shop.stg', 'source.shop.items'], 'snapshot.shop.history': ['model.shop.orders'] },
);

test('a flowchart has a shape and a colour for each type, and an arrow for each reading', () => {
  expect(mermaid(shop, all(shop))).toBe(`flowchart LR
  seed_raw[("raw")]:::seed
  model_stg["stg"]:::model
  model_orders["orders"]:::model
  snapshot_history[["history"]]:::snapshot
  source_web_items[("web.items")]:::source
  seed_raw --> model_stg
  model_stg --> model_orders
  source_web_items --> model_orders
  model_orders --> snapshot_history
  classDef model fill:#d3e5fd,stroke:#2a6fc9,color:#1f2328
  classDef seed fill:#e6f4c8,stroke:#7a9a01,color:#1f2328
  classDef snapshot fill:#e8dcfb,stroke:#8250df,color:#1f2328
  classDef source fill:#d7f0dd,stroke:#2da44e,color:#1f2328`);
});

test('what is read through nodes that were left out is a dotted arrow', () => {
  expect(
    mermaid(shop, new Set(['seed.shop.raw', 'snapshot.shop.history']))
      .split('\n')
      .slice(1, 4),
  ).toEqual(['  seed_raw[("raw")]:::seed', '  snapshot_history[["history"]]:::snapshot', '  seed_raw -.-> snapshot_history']);
});

test('names that Mermaid would read otherwise keep their look, and their ids stay apart', () => {
  const odd = graph([
    resource('model', 'a "b" #1 <i>'),
    resource('model', 'a-b'),
    resource('model', 'a_b'),
    resource('model', '2024'),
    resource('model', 'größe'),
  ]);
  expect(mermaid(odd, all(odd)).split('\n').slice(1, 6)).toEqual([
    '  model_a__b___1__i_["a #34;b#34; #35;1 #60;i#62;"]:::model',
    '  model_a_b["a-b"]:::model',
    '  model_a_b_2["a_b"]:::model',
    '  model_2024["2024"]:::model',
    '  model_gr__e["größe"]:::model',
  ]);
});

const STAR = [
  resource('model', 'dim_store', { store_key: {}, store_id: { data_type: 'varchar(8)' }, size: { data_type: 'decimal(10, 2)' } }),
  resource('model', 'dim_day', { day: { data_type: 'date', constraints: [{ type: 'primary_key' }] } }),
  resource('model', 'fact', {
    id: {},
    store_key: {},
    day: { constraints: [{ type: 'foreign_key', to: "ref('dim_day')", to_columns: ['day'] }] },
    parent_id: {},
  }),
  check('unique', 'model.shop.dim_store', 'store_key'),
  check('not_null', 'model.shop.dim_store', 'store_key'),
  check('unique', 'model.shop.dim_store', 'store_id'),
  check('not_null', 'model.shop.dim_store', 'store_id'),
  check('unique', 'model.shop.fact', 'id'),
  check('not_null', 'model.shop.fact', 'id'),
  check('not_null', 'model.shop.fact', 'store_key'),
  check('relationships', 'model.shop.fact', 'store_key', { field: 'store_key' }),
  check('relationships', 'model.shop.fact', 'parent_id', { field: 'id' }),
];
const star = graph(STAR, {
  'test.shop.relationships_model.shop.fact_store_key': ['model.shop.fact', 'model.shop.dim_store'],
  'test.shop.relationships_model.shop.fact_parent_id': ['model.shop.fact'],
});

test('an entity has its documented columns, with the keys that tests and constraints make', () => {
  expect(erd(star, all(star))).toBe(`erDiagram
  dim_store {
    _ store_key PK
    varchar(8) store_id UK
    decimal(10-2) size
  }
  dim_day {
    date day PK
  }
  fact {
    _ id PK
    _ store_key FK
    _ day FK
    _ parent_id FK
  }
  dim_store ||--o{ fact : "store_key"
  fact |o--o{ fact : "parent_id"
  dim_day |o--o{ fact : "day"`);
});

test('a relation to what was not chosen is left out, its mark stays', () => {
  const picture = erd(star, new Set(['model.shop.fact']));
  expect(picture).toContain('_ store_key FK');
  expect(picture).not.toContain('dim_store');
});

test('foreign keys of the configuration are relations, by name or by the relation that ref() gave', () => {
  const relation = (identifier: string): object => ({ relation: { database: 'shop', schema: 'main', identifier } });
  const keyed = graph(
    [
      resource('model', 'person', { id: {} }, relation('people')),
      resource('model', 'country', { code: {} }, relation('country')),
      check('unique', 'model.shop.person', 'id'),
      check('unique', 'model.shop.country', 'code'),
      resource(
        'model',
        'visit',
        { person_id: {}, code: {} },
        {
          config: {
            foreign_keys: [
              { columns: ['person_id'], to: '"shop"."main"."people"', to_columns: ['id'] },
              { columns: ['code'], to: "ref('country')" },
            ],
          },
        },
      ),
    ],
    { 'model.shop.visit': ['model.shop.person', 'model.shop.country'] },
  );
  expect(erd(keyed, all(keyed)).split('\n').slice(-2)).toEqual(['  person |o--o{ visit : "person_id"', '  country |o--o{ visit : "code"']);
});

test('cardinality follows what is unique, and tests of some rows count for nothing', () => {
  const one = graph(
    [
      resource('model', 'person', { id: {} }),
      resource('model', 'passport', { person_id: {}, country: {} }),
      check('unique', 'model.shop.person', 'id', { config: { where: 'id > 0' } }),
      check('unique', 'model.shop.passport', 'person_id'),
      check('relationships', 'model.shop.passport', 'person_id', { field: 'id' }),
    ],
    { 'test.shop.relationships_model.shop.passport_person_id': ['model.shop.passport', 'model.shop.person'] },
  );
  expect(erd(one, all(one)).split('\n').at(-1)).toBe('  person }o--o| passport : "person_id"');
  expect(erd(one, all(one))).toContain('_ person_id UK, FK');
});

test('a seed takes its types from column_types; names that Mermaid knows are given another id', () => {
  const odd = graph([
    resource(
      'seed',
      'title',
      { 'order id': {}, amount: {}, pk: { data_type: '"Money"' } },
      { config: { column_types: { amount: 'timestamp with time zone' } } },
    ),
    resource('source', 'items', {}, { sourceName: 'web "shop"' }),
  ]);
  expect(erd(odd, all(odd))).toBe(`erDiagram
  title_2["title"] {
    _ order_id
    timestamp_with_time_zone amount
    Money _pk
  }
  web__shop__items["web 'shop'.items"]`);
});
