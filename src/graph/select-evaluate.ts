// A parsed selection meets a graph. In: a Spec. Out: the nodes selected, and the tests that wait for their other parents.
// Each term finds nodes, adds neighbours, then the data tests on them; groups combine these as sets. Where sets of tests
// meet, the rules are dbt's: https://docs.getdbt.com/reference/node-selection/test-selection-examples
import { type Diagnostic, error, type Span, warning } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { type Graph, reach } from './graph.ts';
import { matcher } from './select-glob.ts';
import { type Scene, search, typeOf } from './select-methods.ts';
import type { IndirectSelection, Spec, Term } from './select-parse.ts';
import { notHere, suggest } from './select-suggest.ts';
import { circleOf, type ReadSelectors } from './select-yaml.ts';

/** `direct` is selected; `indirect` holds in addition the tests that become selected if their other parents are. */
interface Found {
  readonly direct: Set<string>;
  readonly indirect: Set<string>;
}

type Role = 'selection' | 'exclusion' | 'definition';

/** What evaluating needs; `done` and `open` remember the results of named selectors and which are being evaluated. */
export interface Evaluation {
  readonly graph: Graph;
  readonly read: ReadSelectors;
  readonly report: (d: Diagnostic) => void;
  readonly indirect: IndirectSelection;
  readonly scene: Omit<Scene, 'problem'>;
  readonly spans: ReadonlyMap<string, Span | undefined>;
  readonly done: Map<string, ReadonlySet<string>>;
  readonly open: string[];
}

/** Evaluates a spec; `role` says how its terms are called in warnings. Definitions of selectors are silent. */
export function evaluate(e: Evaluation, spec: Spec, role: Role): Found {
  if (spec.kind === 'term') return evaluateTerm(e, spec, role);
  if (spec.kind === 'difference') {
    const from = evaluate(e, spec.from, role);
    const without = evaluate(e, spec.without, role);
    return { direct: subtract(from.direct, without.direct), indirect: subtract(both(from), both(without)) };
  }
  const found = spec.of.map((s) => evaluate(e, s, role));
  const combine = spec.kind === 'union' ? unite : intersect;
  const direct = combine(found.map((f) => f.direct));
  const indirect = combine(found.map(both));
  addTests(e, direct, indirect, spec.indirect === 'request' ? e.indirect : 'eager');
  if (spec.kind === 'intersection' && spec.of.length > 1 && direct.size === 0 && role !== 'definition' && found.every((f) => f.direct.size > 0)) {
    e.report(
      warning('graph/empty-selection', `The ${role} '${spec.raw}' matches nothing: each part of it does, but nothing is in all of them.`, {
        help: "A comma means 'both'. For 'either', write a space.",
      }),
    );
  }
  return { direct, indirect };
}

/** What the selector of that name selects; nothing, and an error, where there is none or it contains itself. */
export function evaluateSelector(e: Evaluation, name: string): ReadonlySet<string> {
  const known = e.done.get(name);
  if (known !== undefined) return known;
  const spec = e.read.specs.get(name);
  if (spec === undefined) {
    e.report(error('graph/selector', `There is no selector '${name}'.`, { help: nearSelector(e, name) }));
    return new Set();
  }
  if (spec === null) return new Set();
  if (e.open.includes(name)) {
    const circle = [...e.open.slice(e.open.indexOf(name)), name];
    e.report(circleOf(circle, e.spans.get(name)));
    return new Set();
  }
  e.open.push(name);
  const { direct } = evaluate(e, spec, 'definition');
  e.open.pop();
  e.done.set(name, direct);
  return direct;
}

/** The first term of a definition that matches nothing, as help. */
export function helpFor(e: Evaluation, spec: Spec): { readonly help?: string } {
  if (spec.kind === 'difference') return helpFor(e, spec.from);
  if (spec.kind !== 'term') return spec.of.map((s) => helpFor(e, s)).find((h) => 'help' in h) ?? {};
  if (spec.method === 'selector' || evaluateTerm(e, spec, 'definition').direct.size > 0) return {};
  return { help: `Its term '${spec.raw}' matches nothing. ${suggest(spec, e.graph)}` };
}

function evaluateTerm(e: Evaluation, term: Term, role: Role): Found {
  let failed = false;
  const problem = (message: string, help?: string): void => {
    failed = true;
    e.report(error('graph/selector', `The selection '${term.raw}' ${message}.`, help === undefined ? {} : { help }));
  };
  const collected = term.method === 'selector' ? named(e, term.value, problem) : search(term, { ...e.scene, problem });
  if (collected.size === 0) {
    // Whoever leaves out what dwt has not got has what they want.
    if (!failed && role !== 'definition' && (role === 'selection' || notHere(term) === undefined))
      e.report(
        warning('graph/empty-selection', `The ${role} '${term.raw}' matches nothing.`, {
          help: term.method === 'selector' ? 'The selector exists, but nothing is as it asks.' : suggest(term, e.graph),
        }),
      );
    return { direct: collected, indirect: new Set() };
  }
  const direct = withNeighbours(e, collected, term);
  const mode = term.indirect ?? e.indirect;
  // A selector's result has its tests already; what it excluded must not come back.
  if (mode === 'empty' || term.method === 'selector') return { direct, indirect: new Set() };
  return withTests(e, direct, mode);
}

function named(e: Evaluation, pattern: string, problem: Scene['problem']): Set<string> {
  const matches = matcher(pattern);
  const names = [...e.read.specs.keys()].filter(matches).toSorted();
  if (names.length === 0) problem('names a selector that does not exist', nearSelector(e, pattern));
  return unite(names.map((n) => evaluateSelector(e, n)));
}

function nearSelector(e: Evaluation, name: string): string {
  const names = [...e.read.specs.keys()];
  return didYouMean(name, names) ?? (names.length === 0 ? 'The project has no selectors; define them in selectors.yml.' : `Selectors: ${names.join(', ')}.`);
}

function withNeighbours(e: Evaluation, start: Set<string>, term: Term): Set<string> {
  const { parents, children } = e.graph;
  const sets = [start];
  if (term.childrensParents) {
    const down = unite([start, reach(start, children)]);
    sets.push(down, reach(down, parents));
  }
  if (term.parents > 0) sets.push(reach(start, parents, term.parents));
  if (term.children > 0) sets.push(reach(start, children, term.children));
  return sets.length === 1 ? start : unite(sets);
}

function withTests(e: Evaluation, selected: Set<string>, mode: Exclude<IndirectSelection, 'empty'>): Found {
  const { nodes, children, parents } = e.graph;
  const direct = new Set(selected);
  const indirect = new Set<string>();
  let built = selected;
  if (mode === 'buildable') {
    built = unite([selected, reach(selected, parents)]);
    for (const r of nodes.values()) if (r.type === 'source') built.add(r.id);
  }
  for (const id of selected) {
    for (const child of children.get(id) ?? []) {
      if (!isTest(e, child)) continue;
      if (mode === 'eager' || needs(e, child).every((p) => built.has(p))) direct.add(child);
      else indirect.add(child);
    }
  }
  return { direct, indirect };
}

/** Takes in waiting tests of which all parents have come together. */
function addTests(e: Evaluation, direct: Set<string>, indirect: ReadonlySet<string>, mode: IndirectSelection): void {
  if (mode === 'eager' || mode === 'empty' || indirect.size === direct.size) return;
  const built = mode === 'buildable' ? unite([direct, reach(direct, e.graph.parents)]) : new Set(direct);
  for (const id of indirect) if (isTest(e, id) && needs(e, id).every((p) => built.has(p))) direct.add(id);
}

function isTest(e: Evaluation, id: string): boolean {
  const r = e.graph.nodes.get(id);
  return r !== undefined && (r.type === 'test' || typeOf(r) === 'unit_test');
}

function needs(e: Evaluation, id: string): readonly string[] {
  return e.graph.parents.get(id) ?? [];
}

function both(f: Found): Set<string> {
  return f.indirect.size === 0 ? f.direct : unite([f.direct, f.indirect]);
}

function unite(sets: readonly ReadonlySet<string>[]): Set<string> {
  const all = new Set(sets[0]);
  for (const s of sets.slice(1)) for (const id of s) all.add(id);
  return all;
}

function intersect(sets: readonly ReadonlySet<string>[]): Set<string> {
  const [first, ...rest] = sets;
  return new Set([...(first ?? [])].filter((id) => rest.every((s) => s.has(id))));
}

/** The first without the second. */
export function subtract(from: ReadonlySet<string>, without: ReadonlySet<string>): Set<string> {
  return new Set([...from].filter((id) => !without.has(id)));
}
