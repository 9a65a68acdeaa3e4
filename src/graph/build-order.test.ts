import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../project/resources.ts';
import { runGraph, type RunMode } from './build-order.ts';
import type { Graph } from './graph.ts';

/** A graph from lines `type.name < parent parent`; types are m(odel), e(phemeral), s(ource), t(est), u(nit test), x (exposure). */
function graphOf(lines: readonly string[]): Graph {
  const types: Readonly<Record<string, string>> = { m: 'model', e: 'model', s: 'source', t: 'test', u: 'unit_test', x: 'exposure' };
  const nodes = new Map<string, Resource>();
  const parents = new Map<string, string[]>();
  const children = new Map<string, string[]>();
  for (const line of lines) {
    const [id, reads = ''] = line.split(' < ') as [string, string?];
    nodes.set(id, { id, type: types[id[0]!]!, name: id, config: { materialized: id.startsWith('e') ? 'ephemeral' : 'table' } } as unknown as Resource);
    parents.set(
      id,
      reads.split(' ').filter((p) => p !== ''),
    );
    children.set(id, []);
    for (const p of parents.get(id)!) children.get(p)!.push(id);
  }
  return { nodes, parents, children, order: [...nodes.keys()], resolver: {} as Graph['resolver'] };
}

function run(lines: readonly string[], mode: RunMode, selected?: readonly string[]) {
  const graph = graphOf(lines);
  return runGraph(graph, new Set(selected ?? graph.nodes.keys()), mode);
}

describe('runGraph', () => {
  it('sees through sources and ephemeral models', () => {
    const g = run(['s.a', 'm.b < s.a', 'e.c < m.b', 'm.d < e.c'], 'run');
    expect(g.order).toEqual(['m.b', 'm.d']);
    expect(g.waitsFor.get('m.d')).toEqual(['m.b']);
    expect(g.waitsFor.get('m.b')).toEqual([]);
    expect(g.blocks.get('m.b')).toEqual(['m.d']);
  });

  it('sees through what is not selected', () => {
    const g = run(['m.a', 'm.b < m.a', 'm.c < m.b'], 'run', ['m.a', 'm.c']);
    expect(g.waitsFor.get('m.c')).toEqual(['m.a']);
  });

  it('starts the longest chain first', () => {
    const g = run(['m.lone', 'm.a', 'm.b < m.a', 'm.c < m.b', 'm.x', 'm.y < m.x'], 'run');
    expect(g.order).toEqual(['m.a', 'm.b', 'm.x', 'm.lone', 'm.c', 'm.y']);
  });

  it('puts the tests of a model before its readers, in build alone', () => {
    const lines = ['m.a', 'm.b < m.a', 'm.c < m.b', 't.a < m.a'];
    expect(run(lines, 'build').waitsFor.get('m.b')).toEqual(['m.a', 't.a']);
    expect(run(lines, 'build').waitsFor.get('m.c')).toEqual(['m.b']);
    expect(run(lines, 'run').waitsFor.get('m.b')).toEqual(['m.a']);
    expect(run(lines, 'test').waitsFor).toEqual(new Map([['t.a', []]]));
  });

  it('lets a test of two models block only what reads both', () => {
    const g = run(['m.a', 'm.b', 'm.onlyA < m.a', 'm.both < m.onlyA m.b', 'm.later < m.both', 't.ab < m.a m.b'], 'build');
    expect(g.blocks.get('t.ab')).toEqual(['m.both']);
    expect(g.waitsFor.get('t.ab')).toEqual(['m.a', 'm.b']);
  });

  it('keeps the block of a test through a model that is not selected', () => {
    const g = run(['m.a', 'm.b < m.a', 'm.c < m.b', 't.a < m.a'], 'build', ['m.a', 't.a', 'm.c']);
    expect(g.waitsFor.get('m.c')).toEqual(['m.a', 't.a']);
  });

  it('lets a test of a source block its readers', () => {
    const g = run(['s.a', 'm.b < s.a', 't.a < s.a'], 'build');
    expect(g.waitsFor.get('m.b')).toEqual(['t.a']);
  });

  it('runs unit tests before their model and after what it reads', () => {
    const g = run(['m.a', 'm.b < m.a', 'm.c < m.b', 'u.b < m.b', 't.a < m.a'], 'build');
    expect(g.waitsFor.get('u.b')).toEqual(['m.a', 't.a']);
    expect(g.waitsFor.get('m.b')).toEqual(['m.a', 't.a', 'u.b']);
    expect(g.blocks.get('u.b')).toEqual(['m.b']);
  });

  it('never runs exposures, sources or other types than the mode takes', () => {
    const g = run(['s.a', 'm.b < s.a', 'x.c < m.b', 't.b < m.b'], 'run');
    expect(g.order).toEqual(['m.b']);
  });
});

/** Models, ephemeral models and sources read earlier ones; tests read one to three of them. */
const lines: fc.Arbitrary<string[]> = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom('m', 'm', 'm', 'e', 's'), fc.array(fc.nat(20), { maxLength: 3 })), { minLength: 1, maxLength: 12 }),
    fc.array(fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }), { maxLength: 8 }),
  )
  .map(([models, tests]) => {
    const ids = models.map(([kind], i) => `${kind}.${i}`);
    const read = (numbers: readonly number[], below: number): string => [...new Set(below === 0 ? [] : numbers.map((n) => ids[n % below]!))].join(' ');
    return [
      ...models.map(([kind, reads], i) => `${ids[i]} < ${kind === 's' ? '' : read(reads, i)}`),
      ...tests.map((reads, i) => `t.${i} < ${read(reads, ids.length)}`),
    ];
  });

const project = lines.chain((l) => fc.tuple(fc.constant(l), fc.subarray(l.map((x) => x.split(' ')[0]!))));

function closure(edges: ReadonlyMap<string, readonly string[]>): Map<string, Set<string>> {
  const all = new Map<string, Set<string>>();
  const visit = (id: string): Set<string> => {
    const known = all.get(id);
    if (known !== undefined) return known;
    const set = new Set<string>();
    all.set(id, set);
    for (const p of edges.get(id) ?? []) {
      set.add(p);
      for (const a of visit(p)) set.add(a);
    }
    return set;
  };
  for (const id of edges.keys()) visit(id);
  return all;
}

/** dbt's definition, word for word: a test comes before each node whose ancestors hold all that the test reads. */
function naive(graph: Graph, mode: RunMode): Map<string, Set<string>> {
  const ancestors = closure(graph.parents);
  const edges = new Map([...graph.parents].map(([id, ps]) => [id, [...ps]]));
  if (mode === 'build') {
    for (const [test, reads] of graph.parents) {
      if (!test.startsWith('t')) continue;
      for (const id of graph.nodes.keys()) if (!id.startsWith('t') && reads.every((p) => ancestors.get(id)!.has(p))) edges.get(id)!.push(test);
    }
  }
  return closure(edges);
}

describe('runGraph, for any graph', () => {
  it.each(['run', 'build'] as const)('%s waits for the same nodes as the naive definition', (mode) => {
    fc.assert(
      fc.property(project, ([l, selected]) => {
        const graph = graphOf(l);
        const g = runGraph(graph, new Set(selected), mode);
        const executed = new Set(selected.filter((id) => id.startsWith('m') || (mode === 'build' && id.startsWith('t'))));
        expect(new Set(g.order)).toEqual(executed);
        const ours = closure(g.waitsFor);
        const theirs = naive(graph, mode);
        for (const id of executed) expect([...ours.get(id)!].toSorted()).toEqual([...theirs.get(id)!].filter((a) => executed.has(a)).toSorted());
      }),
      { numRuns: 500 },
    );
  });

  it('orders every node after all that it waits for, and blocks is waitsFor turned round', () => {
    fc.assert(
      fc.property(project, ([l, selected]) => {
        const g = runGraph(graphOf(l), new Set(selected), 'build');
        const place = new Map(g.order.map((id, i) => [id, i]));
        for (const [id, before] of g.waitsFor) {
          expect(new Set(before).size).toBe(before.length);
          for (const b of before) {
            expect(place.get(b)).toBeLessThan(place.get(id)!);
            expect(g.blocks.get(b)).toContain(id);
          }
        }
        expect([...g.blocks.values()].flat().length).toBe([...g.waitsFor.values()].flat().length);
      }),
    );
  });

  it('takes 10,000 models and 10,000 tests in its stride', () => {
    const big: string[] = [];
    for (let i = 0; i < 10_000; i++)
      big.push(`m.${i} < ${i < 10 ? '' : [...new Set([i - 1 - (i % 7), i >> 1, (i * 7919) % i])].map((p) => `m.${p}`).join(' ')}`);
    for (let i = 0; i < 10_000; i++) big.push(`t.${i} < m.${i}${i % 3 === 0 ? ` m.${(i * 31) % 10_000 === i ? 0 : (i * 31) % 10_000}` : ''}`);
    const graph = graphOf(big);
    const g = runGraph(graph, new Set(graph.nodes.keys()), 'build');
    expect(new Set(g.order).size).toBe(20_000);
    const place = new Map(g.order.map((id, i) => [id, i]));
    for (const [id, before] of g.waitsFor) for (const b of before) if (place.get(b)! >= place.get(id)!) expect([b, 'before', id]).toEqual([]);
  });
});
