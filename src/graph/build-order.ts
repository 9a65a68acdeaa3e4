// In which order selected nodes run. In: a graph, the selected ids, what the command does. Out: an order, what each node
// waits for, and what its failure blocks. Nodes that are not run (unselected, sources, ephemeral models) are seen through.
// For `build`, a data test stands between what it tests and every node that reads all of that, as in dbt:
// https://docs.getdbt.com/reference/commands/build
import type { Resource, ResourceType } from '../project/resources.ts';
import type { Graph } from './graph.ts';

/** An order for one worker, and the edges that several need. */
export interface RunGraph {
  /** What runs; each after all that it waits for, and those with the longest way to go behind them first. */
  readonly order: readonly string[];
  /** What must be finished before, by id. */
  readonly waitsFor: ReadonlyMap<string, readonly string[]>;
  /** What is skipped at once when it fails; what these block in turn is for the reader to follow. */
  readonly blocks: ReadonlyMap<string, readonly string[]>;
}

/** What a command runs of what is selected: `run` models, `seed` seeds, `build` all; `freshness` looks at sources. */
export type RunMode = 'run' | 'build' | 'test' | 'seed' | 'snapshot' | 'freshness';

const RUNS: Readonly<Record<RunMode, readonly ResourceType[]>> = {
  run: ['model'],
  seed: ['seed'],
  snapshot: ['snapshot'],
  test: ['test', 'unit_test'],
  build: ['model', 'seed', 'snapshot', 'test', 'unit_test'],
  freshness: ['source'],
};

/** The run graph of the selected nodes that `mode` runs. */
export function runGraph(graph: Graph, selected: ReadonlySet<string>, mode: RunMode): RunGraph {
  const types = new Set<ResourceType>(RUNS[mode]);
  const runs = (id: string): boolean => {
    const r = graph.nodes.get(id);
    if (r === undefined || !selected.has(id) || !types.has(r.type)) return false;
    return !((r.type === 'model' && r.config.materialized === 'ephemeral') || ('empty' in r && r.empty));
  };
  // Tests alone do not wait for each other, nor do sources for anything.
  const waitsFor =
    mode === 'test' || mode === 'freshness'
      ? new Map(graph.order.filter(runs).map((id) => [id, []]))
      : waits(graph, runs, mode === 'build' ? testEdges(graph, runs) : new Map());
  const blocks = invert(waitsFor);
  return { order: longestFirst(waitsFor, blocks), waitsFor, blocks };
}

/** For each node that runs, the nearest nodes before it that run. `extra` are edges beside the graph's. */
function waits(graph: Graph, runs: (id: string) => boolean, extra: ReadonlyMap<string, readonly string[]>): Map<string, readonly string[]> {
  const waitsFor = new Map<string, readonly string[]>();
  /** What a reader of the node waits for: the node itself if it runs, else what the node would wait for. */
  const fronts = new Map<string, readonly string[]>();
  const units = unitTests(graph, runs);
  for (const id of graph.order) {
    if (isUnitTest(graph.nodes.get(id))) continue;
    const lists = (graph.parents.get(id) ?? []).map((p) => fronts.get(p) ?? []);
    const tests = extra.get(id);
    let before = union(tests === undefined ? lists : [...lists, tests]);
    const own = units.get(id) ?? [];
    for (const unit of own) waitsFor.set(unit, before);
    if (own.length > 0) before = [...before, ...own];
    fronts.set(id, runs(id) ? [id] : before);
    if (runs(id)) waitsFor.set(id, before);
  }
  return waitsFor;
}

function union(lists: readonly (readonly string[])[]): readonly string[] {
  const filled = lists.filter((l) => l.length > 0);
  if (filled.length <= 1) return filled[0] ?? [];
  const all = filled.flat();
  // A set costs more than it saves for the few that a node usually waits for.
  return all.length > 12 ? [...new Set(all)] : all.filter((id, i) => all.indexOf(id) === i);
}

/** Unit tests that run, by the model that they test; they run before it, as soon as what it reads is there. */
function unitTests(graph: Graph, runs: (id: string) => boolean): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const r of graph.nodes.values()) {
    const tested = isUnitTest(r) && runs(r.id) ? graph.parents.get(r.id)?.[0] : undefined;
    if (tested !== undefined) found.set(tested, [...(found.get(tested) ?? []), r.id]);
  }
  return found;
}

function isUnitTest(r: Resource | undefined): boolean {
  return (r?.type as ResourceType | undefined) === 'unit_test';
}

/** Edges from data tests to the first nodes that read all that the test reads, by the reader's id. */
function testEdges(graph: Graph, runs: (id: string) => boolean): Map<string, readonly string[]> {
  const edges = new Map<string, string[]>();
  const shared = new Map<string, { readonly parents: readonly string[]; readonly tests: string[] }>();
  const add = (reader: string, tests: readonly string[]): void => {
    const list = edges.get(reader);
    if (list === undefined) edges.set(reader, [...tests]);
    else list.push(...tests);
  };
  for (const r of graph.nodes.values()) {
    if (r.type !== 'test' || !runs(r.id)) continue;
    const parents = graph.parents.get(r.id) ?? [];
    if (parents.length === 0) continue;
    const key = parents.length === 1 ? parents[0]! : parents.toSorted().join('\n');
    const same = shared.get(key);
    if (same === undefined) shared.set(key, { parents, tests: [r.id] });
    else same.tests.push(r.id);
  }
  for (const { parents, tests } of shared.values()) {
    // Readers further down wait for these.
    if (parents.length === 1) for (const reader of graph.children.get(parents[0]!) ?? []) if (canBeBlocked(graph.nodes.get(reader))) add(reader, tests);
  }
  const several = [...shared.values()].filter((s) => s.parents.length > 1).sort((a, b) => b.parents.length - a.parents.length);
  if (several.length > 0)
    firstReadersOfAll(
      graph,
      several.map((s) => s.parents),
      (reader, i) => add(reader, several[i]!.tests),
    );
  return edges;
}

function canBeBlocked(r: Resource | undefined): boolean {
  return r !== undefined && r.type !== 'test' && r.type !== 'exposure' && !isUnitTest(r);
}

/**
 * Finds, for each of some sets of nodes, the first nodes that have the whole set among their ancestors. `sets` go from the
 * largest to the smallest. One pass: each node has one bit a set for "the set's k-th member is an ancestor", for each k,
 * and one for "all are"; so the work is edges × sets / 32, however large the graph is below the sets.
 */
function firstReadersOfAll(graph: Graph, sets: readonly (readonly string[])[], found: (reader: string, set: number) => void): void {
  const order = graph.order.filter((id) => canBeBlocked(graph.nodes.get(id)));
  const rank = new Map(order.map((id, i) => [id, i]));
  const width = Math.ceil(sets.length / 32);
  const members = Array.from({ length: sets[0]!.length }, (_, k) => {
    const words = Math.ceil(sets.filter((s) => s.length > k).length / 32);
    const own = new Map<string, number[]>();
    // Sets that share the last word and have fewer members repeat their last one.
    sets.slice(0, words * 32).forEach((s, i) => {
      const member = s[k] ?? s.at(-1)!;
      const list = own.get(member);
      if (list === undefined) own.set(member, [i]);
      else list.push(i);
    });
    return { words, own, bits: new Uint32Array(order.length * words) };
  });
  const all = new Uint32Array(order.length * width);
  const before = new Uint32Array(width);
  for (const [n, id] of order.entries()) {
    before.fill(0);
    for (const p of graph.parents.get(id) ?? []) {
      const m = rank.get(p);
      if (m === undefined) continue;
      for (let w = 0; w < width; w++) before[w]! |= all[m * width + w]!;
      for (const { words, own, bits } of members) {
        for (let w = 0; w < words; w++) bits[n * words + w]! |= bits[m * words + w]!;
        for (const i of own.get(p) ?? []) bits[n * words + (i >> 5)]! |= 1 << (i & 31);
      }
    }
    for (let w = 0; w < width; w++) {
      let have = ~0;
      for (const { words, bits } of members) if (w < words) have &= bits[n * words + w]!;
      all[n * width + w] = have;
      for (let fresh = have & ~before[w]!; fresh !== 0; fresh &= fresh - 1) found(id, w * 32 + 31 - Math.clz32(fresh & -fresh));
    }
  }
}

function invert(edges: ReadonlyMap<string, readonly string[]>): Map<string, readonly string[]> {
  const back = new Map<string, string[]>();
  for (const id of edges.keys()) back.set(id, []);
  for (const [id, before] of edges) for (const b of before) back.get(b)?.push(id);
  return back;
}

/** By the length of the longest chain that waits for a node: the order is topological, and the critical path starts first. */
function longestFirst(waitsFor: ReadonlyMap<string, readonly string[]>, blocks: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const chain = new Map<string, number>();
  const open = new Map<string, number>();
  const ready: string[] = [];
  for (const [id, after] of blocks) {
    if (after.length === 0) ready.push(id);
    else open.set(id, after.length);
  }
  const byLength: string[][] = [];
  for (const id of ready) {
    const length = (chain.get(id) ?? 0) + 1;
    for (const before of waitsFor.get(id)!) {
      if ((chain.get(before) ?? 0) < length) chain.set(before, length);
      const left = open.get(before)! - 1;
      open.set(before, left);
      if (left === 0) ready.push(before);
    }
  }
  for (const id of waitsFor.keys()) (byLength[chain.get(id) ?? 0] ??= []).push(id);
  return byLength.toReversed().flat();
}
