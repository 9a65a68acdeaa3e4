import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../project/resources.ts';
import { type Graph, reach } from './graph.ts';
import { select, type SelectionRequest } from './select.ts';
import type { NodeState, PreviousState } from './select-state.ts';

type Given = { readonly id: string; readonly reads?: readonly string[] } & Readonly<Record<string, unknown>>;

/** A resource from `model.orders` and what differs from the usual. */
function resource({ id, ...rest }: Given): Resource {
  const [type, name] = [id.slice(0, id.indexOf('.')), id.slice(id.indexOf('.') + 1)];
  const folder = `${type}s`;
  const config = { enabled: true, materialized: 'view', tags: [], meta: {}, 'pre-hook': [], 'post-hook': [], ...(rest['config'] as object | undefined) };
  const base = {
    id,
    type,
    package: 'shop',
    name,
    file: `${folder}/${name}.sql`,
    fqn: ['shop', name],
    patch: null,
    description: '',
    columns: {},
    refs: [],
    sources: [],
    macros: [],
    checksum: id,
  };
  const own =
    type === 'model'
      ? { version: null, latestVersion: null }
      : type === 'test'
        ? { generic: null }
        : type === 'source'
          ? { sourceName: name.split('.')[0], name: name.split('.')[1], relation: { database: null, schema: 's', identifier: name } }
          : {};
  return { ...base, ...own, ...rest, config } as unknown as Resource;
}

function graphOf(given: readonly Given[]): Graph {
  const nodes = new Map(given.map((g) => [g.id, resource(g)]));
  const parents = new Map(given.map((g) => [g.id, g.reads ?? []]));
  const children = new Map<string, string[]>(given.map((g) => [g.id, []]));
  for (const g of given) for (const p of g.reads ?? []) children.get(p)!.push(g.id);
  return { nodes, parents, children, order: given.map((g) => g.id), resolver: {} as Graph['resolver'] };
}

const generic = (test: string, attachedTo: string) => ({ test, arguments: {}, attachedTo, column: null });

const shop = graphOf([
  { id: 'source.raw.orders' },
  { id: 'source.raw.items' },
  { id: 'seed.regions', file: 'seeds/regions.csv', config: { tags: ['static'] } },
  {
    id: 'model.stg_orders',
    reads: ['source.raw.orders'],
    fqn: ['shop', 'staging', 'stg_orders'],
    file: 'models/staging/stg_orders.sql',
    patch: 'models/staging/_staging.yml',
    config: { tags: ['nightly', 'raw'] },
  },
  {
    id: 'model.stg_items',
    reads: ['source.raw.items'],
    fqn: ['shop', 'staging', 'stg_items'],
    file: 'models/staging/stg_items.sql',
    config: { tags: ['nightly'] },
  },
  {
    id: 'model.orders',
    reads: ['model.stg_orders', 'model.stg_items'],
    fqn: ['shop', 'marts', 'core', 'orders'],
    file: 'models/marts/core/orders.sql',
    config: { materialized: 'table', group: 'finance', access: 'public', meta: { owner: { team: 'bi' } } },
  },
  {
    id: 'model.sales',
    reads: ['model.orders', 'seed.regions'],
    fqn: ['shop', 'marts', 'sales'],
    file: 'models/marts/sales.sql',
    config: { materialized: 'incremental', contract: { enforced: true } },
  },
  {
    id: 'model.customers.v1',
    name: 'customers',
    version: '1',
    latestVersion: '2',
    fqn: ['shop', 'marts', 'customers', 'v1'],
    file: 'models/marts/customers_v1.sql',
  },
  {
    id: 'model.customers.v2',
    name: 'customers',
    version: '2',
    latestVersion: '2',
    fqn: ['shop', 'marts', 'customers', 'v2'],
    file: 'models/marts/customers_v2.sql',
  },
  {
    id: 'model.customers.v3',
    name: 'customers',
    version: '3',
    latestVersion: '2',
    fqn: ['shop', 'marts', 'customers', 'v3'],
    file: 'models/marts/customers_v3.sql',
  },
  { id: 'model.util', package: 'tools', fqn: ['tools', 'util'], file: 'packages/tools/models/util.sql' },
  { id: 'snapshot.orders_history', reads: ['model.orders'] },
  { id: 'test.unique_orders', reads: ['model.orders'], generic: generic('unique', 'model.orders'), config: { severity: 'warn' } },
  { id: 'test.rel', reads: ['model.orders', 'model.stg_items'], generic: generic('dbt_utils.relationships', 'model.orders') },
  { id: 'test.raw_is_fresh', reads: ['source.raw.orders'] },
  { id: 'unit_test.totals', reads: ['model.sales'] },
  { id: 'exposure.dashboard', reads: ['model.sales'] },
]);

function ids(select_: string | readonly string[], more: SelectionRequest = {}, graph: Graph = shop): string[] {
  const { ids: found, diagnostics } = select(graph, { select: typeof select_ === 'string' ? [select_] : select_, indirect: 'empty', ...more });
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return [...found];
}

function said(request: SelectionRequest): string[] {
  return select(shop, request).diagnostics.map((d) => `${d.code} ${d.severity}: ${d.message} ${d.help ?? ''}`);
}

describe('methods', () => {
  it.each<[string, string[]]>([
    ['orders', ['model.orders']],
    ['model.orders', []],
    ['marts', ['model.orders', 'model.sales', 'model.customers.v1', 'model.customers.v2', 'model.customers.v3']],
    ['shop.staging', ['model.stg_orders', 'model.stg_items']],
    ['shop.staging.stg_orders', ['model.stg_orders']],
    ['fqn:staging.*', ['model.stg_orders', 'model.stg_items']],
    ['stg_*', ['model.stg_orders', 'model.stg_items']],
    ['*orders', ['model.stg_orders', 'model.orders', 'test.unique_orders']],
    ['marts.*.orders', ['model.orders']],
    ['stg_[!o]*', ['model.stg_items']],
    ['customers', ['model.customers.v1', 'model.customers.v2', 'model.customers.v3']],
    ['customers.v2', ['model.customers.v2']],
    ['customers_v2', ['model.customers.v2']],
    ['tag:nightly', ['model.stg_orders', 'model.stg_items']],
    ['tag:n*y,tag:raw', ['model.stg_orders']],
    ['path:models/staging', ['model.stg_orders', 'model.stg_items']],
    ['models/staging/', ['model.stg_orders', 'model.stg_items']],
    ['./models/marts/core', ['model.orders']],
    ['models/*/*_items.sql', ['model.stg_items']],
    ['models/**/*s.sql', ['model.stg_orders', 'model.stg_items', 'model.orders', 'model.sales']],
    ['path:models/staging/_staging.yml', ['model.stg_orders']],
    ['regions.csv', ['seed.regions']],
    ['file:sales', ['model.sales']],
    ['config.materialized:table', ['model.orders']],
    ['config.meta.owner.team:bi', ['model.orders']],
    ['config.tags:static', ['seed.regions']],
    ['config.contract.enforced:true', ['model.sales']],
    ['config.severity:ERROR', ['test.rel', 'test.raw_is_fresh']],
    ['resource_type:snapshot', ['snapshot.orders_history']],
    ['source:raw', ['source.raw.orders', 'source.raw.items']],
    ['source:raw.orders', ['source.raw.orders']],
    ['source:shop.raw.*', ['source.raw.orders', 'source.raw.items']],
    ['exposure:dash*', ['exposure.dashboard']],
    ['group:finance', ['model.orders']],
    ['access:public', ['model.orders']],
    ['version:latest', ['model.customers.v2']],
    ['version:old', ['model.customers.v1']],
    ['version:prerelease', ['model.customers.v3']],
    ['version:none,marts', ['model.orders', 'model.sales']],
    ['test_type:generic', ['test.unique_orders', 'test.rel']],
    ['test_type:singular', ['test.raw_is_fresh']],
    ['test_type:unit', ['unit_test.totals']],
    ['test_type:data', ['test.unique_orders', 'test.rel', 'test.raw_is_fresh']],
    ['test_name:relationships', ['test.rel']],
    ['unit_test:shop.totals', ['unit_test.totals']],
    ['package:tools', ['model.util']],
    ['package:this,version:none', ['model.stg_orders', 'model.stg_items', 'model.orders', 'model.sales']],
    ['metric:revenue', []],
  ])('%s', (term, expected) => expect(ids(term, { project: 'shop' })).toEqual(expected));
});

describe('operators', () => {
  it.each<[string, string[]]>([
    ['orders+', ['model.orders', 'model.sales', 'snapshot.orders_history', 'test.unique_orders', 'test.rel', 'unit_test.totals', 'exposure.dashboard']],
    ['orders+1', ['model.orders', 'model.sales', 'snapshot.orders_history', 'test.unique_orders', 'test.rel']],
    ['+orders', ['source.raw.orders', 'source.raw.items', 'model.stg_orders', 'model.stg_items', 'model.orders']],
    ['1+orders', ['model.stg_orders', 'model.stg_items', 'model.orders']],
    ['1+sales+1', ['seed.regions', 'model.orders', 'model.sales', 'unit_test.totals', 'exposure.dashboard']],
    ['@regions,resource_type:model', ['model.stg_orders', 'model.stg_items', 'model.orders', 'model.sales']],
    ['stg_orders regions', ['seed.regions', 'model.stg_orders']],
    ['source:raw.orders+1', ['source.raw.orders', 'model.stg_orders', 'test.raw_is_fresh']],
  ])('%s', (term, expected) => expect(ids(term)).toEqual(expected));

  it('unites entries', () => expect(ids(['regions', 'util'])).toEqual(['seed.regions', 'model.util']));

  it('finds many names as it finds few', () => {
    const names = ['orders', 'shop.staging', 'customers.v2', 'customers_v1', 'tools', 'marts.core', 'marts.s*', 'dashboard', 'shop.marts.core.orders'];
    expect(ids(names)).toEqual([...shop.nodes.keys()].filter((id) => names.some((n) => ids(n).includes(id))));
  });

  it('takes everything by default, minus what is excluded', () => {
    expect(select(shop, {}).ids.size).toBe(shop.nodes.size);
    expect([...select(shop, { exclude: ['package:shop'] }).ids]).toEqual(['model.util']);
    expect(ids('staging', { exclude: ['stg_items'] })).toEqual(['model.stg_orders']);
  });

  it('keeps the types that a command takes', () =>
    expect(ids('+orders', { types: ['model'] })).toEqual(['model.stg_orders', 'model.stg_items', 'model.orders']));
});

describe('indirect selection', () => {
  it.each<[NonNullable<SelectionRequest['indirect']>, string, string[]]>([
    ['eager', 'orders', ['model.orders', 'test.unique_orders', 'test.rel']],
    ['cautious', 'orders', ['model.orders', 'test.unique_orders']],
    ['cautious', 'orders stg_items', ['model.stg_items', 'model.orders', 'test.unique_orders', 'test.rel']],
    ['buildable', 'orders', ['model.orders', 'test.unique_orders', 'test.rel']],
    ['buildable', 'stg_items', ['model.stg_items']],
    ['empty', 'orders', ['model.orders']],
    ['eager', 'sales', ['model.sales', 'unit_test.totals']],
  ])('%s: %s', (indirect, term, expected) => expect(ids(term, { indirect })).toEqual(expected));

  it('excludes the tests of what is excluded', () =>
    expect(ids('staging orders', { indirect: 'eager', exclude: ['stg_items'] })).toEqual(['model.stg_orders', 'model.orders', 'test.unique_orders']));
});

describe('state', () => {
  const record = (r: Resource): NodeState => ({
    fqn: r.fqn,
    body: r.id,
    configs: {},
    relation: [null, null, null],
    descriptions: { relation: '', columns: {}, persists: { relation: false, columns: false } },
    contract: { enforced: false, checksum: null },
    other: null,
    macros: [],
    newIsModified: r.type !== 'source' && r.type !== 'exposure',
  });
  const current = new Map<string, NodeState>([...shop.nodes.values()].map((r) => [r.id, record(r)]));
  const before = current;
  const since = (then: ReadonlyMap<string, NodeState>, now = current): PreviousState => ({ nodes: { before: then, now } });
  const change = (id: string, part: Partial<NodeState>): Map<string, NodeState> => new Map(before).set(id, { ...before.get(id)!, ...part });

  it.each<[string, Partial<NodeState>]>([
    ['body', { body: 'other' }],
    ['configs', { configs: { materialized: 'view' } }],
    ['relation', { relation: [null, 'other', null] }],
    ['contract', { contract: { enforced: true, checksum: 'x' } }],
  ])('modified.%s', (part, was) => {
    const previous = since(change('model.sales', was));
    expect(ids(`state:modified.${part}`, { previous })).toEqual(['model.sales']);
    expect(ids('state:modified', { previous })).toEqual(['model.sales']);
    expect(ids('state:unmodified', { previous })).not.toContain('model.sales');
  });

  it('compares descriptions only where they are persisted', () => {
    const was = before.get('model.sales')!;
    const described = (persists: boolean): NodeState => ({
      ...was,
      descriptions: { relation: 'new', columns: {}, persists: { relation: persists, columns: false } },
    });
    const previous = (persists: boolean) => since(before, new Map([['model.sales', described(persists)]]));
    expect(ids('state:modified.persisted_descriptions', { previous: previous(true) })).toEqual(['model.sales']);
    expect(ids('state:modified', { previous: previous(false) })).toEqual([]);
  });

  it('finds what a changed macro reaches', () => {
    const now = new Map([['model.orders', { ...before.get('model.orders')!, macros: ['macro.shop.cents'] }]]);
    const macros = { before: new Map([['macro.shop.cents', 'a']]), now: new Map([['macro.shop.cents', 'b']]) };
    expect(ids('state:modified.macros', { previous: { ...since(before, now), macros } })).toEqual(['model.orders']);
  });

  it('knows new and old', () => {
    const nodes = new Map(before);
    nodes.delete('model.util');
    expect(ids('state:new', { previous: since(nodes) })).toEqual(['model.util']);
    expect(ids('state:modified', { previous: since(nodes) })).toEqual(['model.util']);
    expect(ids('state:old', { previous: since(nodes) })).not.toContain('model.util');
  });

  it('takes a new source for unmodified, as dbt does', () => {
    const nodes = new Map(before);
    nodes.delete('source.raw.orders');
    expect(ids('state:new', { previous: since(nodes) })).toEqual(['source.raw.orders']);
    expect(ids('state:modified', { previous: since(nodes) })).toEqual([]);
  });

  it('sees of a generic test only its configuration and its place', () => {
    const test = { ...before.get('test.unique_orders')!, onlyConfigs: true };
    const previous = since(change('test.unique_orders', { ...test, body: 'other' }), new Map(current).set('test.unique_orders', test));
    expect(ids('state:modified', { previous })).toEqual([]);
    expect(ids('state:modified.body', { previous })).toEqual(['test.unique_orders']);
  });

  it('goes by earlier results and freshness', () => {
    expect(ids('result:error+1', { previous: { results: new Map([['model.stg_items', 'error']]) } })).toEqual(['model.stg_items', 'model.orders', 'test.rel']);
    const freshness = {
      before: new Map([
        ['source.raw.orders', '2024-01-01T00:00:00Z'],
        ['source.raw.items', '2024-01-02T00:00:00Z'],
      ]),
      now: new Map([
        ['source.raw.orders', '2024-01-02T00:00:00Z'],
        ['source.raw.items', '2024-01-02T00:00:00Z'],
      ]),
    };
    expect(ids('source_status:fresher', { previous: { freshness } })).toEqual(['source.raw.orders']);
  });

  it('says what is missing', () =>
    expect(said({ select: ['state:modified'] })[0]).toMatch(/graph\/selector error: The selection 'state:modified' needs an earlier manifest.json.*--state/));
});

describe('messages', () => {
  it.each<[SelectionRequest, RegExp]>([
    [{ select: ['stg_ordrs'] }, /^graph\/empty-selection warning: The selection 'stg_ordrs' matches nothing. Did you mean 'stg_orders'\?/],
    [{ select: ['2+stg_ordrs+'] }, /Did you mean '2\+stg_orders\+'/],
    [{ select: ['stagin'] }, /Did you mean 'staging'/],
    [{ select: ['staging.stg_ordrs'] }, /Did you mean 'staging.stg_orders'/],
    [{ select: ['tag:nigthly'] }, /Did you mean 'tag:nightly'/],
    [{ select: ['nightly'] }, /Did you mean 'tag:nightly'/],
    [{ select: ['raw.orders'] }, /Did you mean 'source:raw.orders'/],
    [{ select: ['models/stagign'] }, /Did you mean 'models\/staging'/],
    [{ select: ['source:row.orders'] }, /Did you mean 'source:raw.orders'/],
    [{ select: ['config.materialised:table'] }, /Did you mean 'config.materialized:table'/],
    [{ select: ['config.materialized:tabel'] }, /Did you mean 'config.materialized:table'/],
    [{ select: ['tag:static,orders'] }, /each part of it does, but nothing is in all of them/],
    [{ exclude: ['tag:nigthly'] }, /The exclusion 'tag:nigthly' matches nothing/],
    [{ select: ['regions'], types: ['model'] }, /The selection holds 1 seed, and this command takes only models/],
    [{ select: ['orders'], exclude: ['orders'] }, /Everything that is selected is excluded too/],
  ])('%j warns', (request, expected) => expect(said(request)).toEqual([expect.stringMatching(expected)]));

  it.each<[SelectionRequest, RegExp]>([
    [{ select: ['tags:nightly'] }, /uses the method 'tags', which does not exist. Did you mean 'tag'/],
    [{ select: ['+'] }, /has no name/],
    [{ select: ['tag:'] }, /nothing after 'tag:'.*tag:nightly/],
    [{ select: ['@a+'] }, /both '@' before and '\+' behind/],
    [{ select: ['a, b'] }, /comma with nothing beside it/],
    [{ select: [' '] }, /--select is empty/],
    [{ select: ['config:view'] }, /does not say which configuration/],
    [{ select: ['resource_type:modle'] }, /Did you mean 'model'/],
    [{ select: ['state:modifed'] }, /Did you mean 'modified'/],
    [{ select: ['source:a.b.c.d'] }, /has too many parts/],
    [{ selector: 'nightly' }, /There is no selector 'nightly'/],
    [{ selector: 'nightly', select: ['a'], selectors: [{ name: 'nightly', definition: 'tag:nightly' }] }, /cannot be combined with --select/],
  ])('%j is an error', (request, expected) => {
    expect(said(request)).toContainEqual(expect.stringMatching(expected));
    expect(select(shop, request).ids.size).toBe(0);
  });
});

/** Random graphs, and terms over their names. */
const world = fc.array(fc.array(fc.nat(20), { maxLength: 3 }), { minLength: 2, maxLength: 10 }).map((reads) =>
  graphOf(
    reads.map((ps, i) => ({
      id: `${i % 4 === 3 ? 'test' : 'model'}.n${i}`,
      reads: i === 0 ? [] : [...new Set(ps.map((p) => p % i).filter((p) => p % 4 !== 3))].map((p) => `model.n${p}`),
    })),
  ),
);
const term = fc
  .tuple(fc.constantFrom('', '+', '1+', '@'), fc.nat(9), fc.constantFrom('', '+', '+1'))
  .map(([before, n, after]) => `${before}n${n}${before === '@' ? '' : after}`);
const mode = fc.constantFrom('eager', 'cautious', 'buildable', 'empty');

describe('laws', () => {
  const set = (g: Graph, r: SelectionRequest): Set<string> => new Set(select(g, r).ids);

  it('exclude takes away exactly what selecting the same would give', () => {
    fc.assert(
      fc.property(world, term, term, mode, (g, a, b, indirect) => {
        const without = set(g, { select: [b], indirect });
        expect(set(g, { select: [a], exclude: [b], indirect })).toEqual(new Set([...set(g, { select: [a], indirect })].filter((id) => !without.has(id))));
      }),
    );
  });

  it('a space unites and a comma intersects, apart from tests that need both', () => {
    fc.assert(
      fc.property(world, term, term, fc.constantFrom('eager', 'empty'), (g, a, b, indirect) => {
        const [x, y] = [set(g, { select: [a], indirect }), set(g, { select: [b], indirect })];
        expect(set(g, { select: [`${a} ${b}`], indirect })).toEqual(new Set([...x, ...y]));
        expect(set(g, { select: [`${a},${b}`], indirect })).toEqual(new Set([...x].filter((id) => y.has(id))));
      }),
    );
  });

  it('empty ⊆ cautious ⊆ buildable ⊆ eager', () => {
    fc.assert(
      fc.property(world, fc.array(term, { minLength: 1, maxLength: 3 }), (g, terms) => {
        const [empty, cautious, buildable, eager] = (['empty', 'cautious', 'buildable', 'eager'] as const).map((indirect) =>
          set(g, { select: terms, indirect }),
        );
        for (const id of empty!) expect(cautious!.has(id)).toBe(true);
        for (const id of cautious!) expect(buildable!.has(id)).toBe(true);
        for (const id of buildable!) expect(eager!.has(id)).toBe(true);
      }),
    );
  });

  it('+a is a and its ancestors', () => {
    fc.assert(
      fc.property(world, fc.nat(9), (g, n) => {
        const own = set(g, { select: [`n${n}`], indirect: 'empty' });
        expect(set(g, { select: [`+n${n}`], indirect: 'empty' })).toEqual(new Set([...own, ...reach(own, g.parents)]));
      }),
    );
  });
});

it('selects from 20,000 nodes', () => {
  const given: Given[] = [];
  for (let i = 0; i < 10_000; i++) given.push({ id: `model.m${i}`, fqn: ['shop', `area${i % 50}`, `m${i}`], reads: i === 0 ? [] : [`model.m${i >> 1}`] });
  for (let i = 0; i < 10_000; i++) given.push({ id: `test.t${i}`, fqn: ['shop', `t${i}`], reads: [`model.m${i}`] });
  const graph = graphOf(given);
  expect([...select(graph, { select: ['m2500+'] }).ids].toSorted()).toEqual(
    ['model.m2500', 'model.m5000', 'model.m5001', 'test.t2500', 'test.t5000', 'test.t5001'].toSorted(),
  );
});
