// The selection language: which nodes a command works on. In: a graph and what was asked for, as typed or by the name of
// a YAML selector. Out: ids, and what is wrong or matches nothing. Each term finds nodes, adds neighbours, then the data
// tests on them; terms combine as sets. Where sets of tests meet, the rules are dbt's:
// https://docs.getdbt.com/reference/node-selection/test-selection-examples
import { type Diagnostic, error, type Span, warning } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import type { ResourceType } from '../project/resources.ts';
import { type Graph, reach } from './graph.ts';
import { matcher } from './select-glob.ts';
import { indexNames, type NameIndex, type Scene, search, typeOf } from './select-methods.ts';
import { type IndirectSelection, parseTerms, type Spec, type Term } from './select-parse.ts';
import type { PreviousState } from './select-state.ts';
import { suggest } from './select-suggest.ts';
import { type ReadSelectors, readSelectors, type YamlSelector } from './select-yaml.ts';

export interface SelectionRequest {
  /** Terms to unite; entries may hold several, with spaces between. None: everything. */
  readonly select?: readonly string[];
  readonly exclude?: readonly string[];
  /** Name of a YAML selector, instead of the two above. */
  readonly selector?: string;
  readonly indirect?: IndirectSelection;
  /** What the command takes; applied after all else. None: every type. */
  readonly types?: readonly ResourceType[];
  readonly selectors?: readonly YamlSelector[];
  readonly previous?: PreviousState;
  /** Name of the project itself, for `package:this`. */
  readonly project?: string;
}

export interface Selection {
  /** In the order of the graph's nodes. Empty where a diagnostic is an error. */
  readonly ids: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Finds what a request selects. A term that matches nothing is a warning, one that cannot be understood an error. */
export function select(graph: Graph, request: SelectionRequest): Selection {
  const diagnostics = new Map<string, Diagnostic>();
  const report = (d: Diagnostic): void => void diagnostics.set(`${d.severity} ${d.message}`, d);
  const read = readSelectors(request.selectors ?? []);
  read.diagnostics.forEach(report);
  const { from, without, selector } = whatIsAsked(request, read, report);
  const evaluator = new Evaluator(graph, request, read, report);
  let chosen: ReadonlySet<string>;
  if (selector !== null) {
    chosen = evaluator.selector(selector);
    if (chosen.size === 0) report(warning('graph/empty-selection', `The selector '${selector}' matches nothing.`, evaluator.helpFor(read.specs.get(selector) ?? null)));
  } else {
    chosen = from === null ? new Set(graph.nodes.keys()) : evaluator.evaluate(from, 'selection').direct;
    if (without !== null) {
      chosen = subtract(chosen, evaluator.evaluate(without, 'exclusion').direct);
    }
  }
  const all = [...diagnostics.values()];
  if (all.some((d) => d.severity === 'error')) return { ids: new Set(), diagnostics: all };
  const ids = new Set<string>();
  const types = request.types === undefined ? null : new Set(request.types);
  for (const r of graph.nodes.values()) if (chosen.has(r.id) && (types === null || types.has(r.type))) ids.add(r.id);
  const narrowed = from !== null || without !== null || selector !== null;
  if (ids.size === 0 && narrowed && all.length === 0) all.push(nothingLeft(graph, chosen, types));
  return { ids, diagnostics: all };
}

/** The parts of a request: terms, or a selector's name. Null: not given. */
function whatIsAsked(request: SelectionRequest, read: ReadSelectors, report: (d: Diagnostic) => void): { from: Spec | null; without: Spec | null; selector: string | null } {
  const { select: include = [], exclude = [] } = request;
  if (request.selector !== undefined) {
    if (include.length + exclude.length > 0) {
      report(error('graph/selector', `--selector cannot be combined with ${include.length > 0 ? '--select' : '--exclude'}.`, { help: `Use it as a term: --select selector:${request.selector}.` }));
    }
    return { from: null, without: null, selector: request.selector };
  }
  if (include.length + exclude.length === 0) return { from: null, without: null, selector: read.fallback };
  return { from: terms(include, '--select'), without: terms(exclude, '--exclude'), selector: null };

  function terms(entries: readonly string[], flag: string): Spec | null {
    if (entries.length === 0) return null;
    if (entries.every((e) => e.trim() === '')) report(error('graph/selector', `${flag} is empty.`, { help: `Write what to ${flag.slice(2)}, or leave ${flag} out.` }));
    return parseTerms(entries, report);
  }
}

/** `direct` is selected; `indirect` holds in addition the tests that become selected if their other parents are. */
interface Found {
  readonly direct: Set<string>;
  readonly indirect: Set<string>;
}

type Role = 'selection' | 'exclusion' | 'definition';

/** Evaluates specs against one graph; keeps the index of names and the results of named selectors. */
class Evaluator {
  readonly #graph: Graph;
  readonly #read: ReadSelectors;
  readonly #report: (d: Diagnostic) => void;
  readonly #indirect: IndirectSelection;
  readonly #scene: Omit<Scene, 'problem'>;
  readonly #spans: ReadonlyMap<string, Span | undefined>;
  readonly #done = new Map<string, ReadonlySet<string>>();
  readonly #open: string[] = [];

  constructor(graph: Graph, request: SelectionRequest, read: ReadSelectors, report: (d: Diagnostic) => void) {
    this.#graph = graph;
    this.#read = read;
    this.#report = report;
    this.#indirect = request.indirect ?? 'eager';
    this.#spans = new Map(request.selectors?.map((s) => [s.name, s.span]));
    let names: NameIndex | undefined;
    this.#scene = { graph, previous: request.previous, project: request.project, names: () => (names ??= indexNames(graph)) };
  }

  /** Evaluates a spec; `role` says how its terms are called in warnings. Definitions of selectors are silent. */
  evaluate(spec: Spec, role: Role): Found {
    if (spec.kind === 'term') return this.#term(spec, role);
    if (spec.kind === 'difference') {
      const from = this.evaluate(spec.from, role);
      const without = this.evaluate(spec.without, role);
      return { direct: subtract(from.direct, without.direct), indirect: subtract(both(from), both(without)) };
    }
    const found = spec.of.map((s) => this.evaluate(s, role));
    const combine = spec.kind === 'union' ? unite : intersect;
    const direct = combine(found.map((f) => f.direct));
    const indirect = combine(found.map(both));
    this.#addTests(direct, indirect, spec.indirect === 'request' ? this.#indirect : 'eager');
    if (spec.kind === 'intersection' && spec.of.length > 1 && direct.size === 0 && role !== 'definition' && found.every((f) => f.direct.size > 0)) {
      this.#report(warning('graph/empty-selection', `The ${role} '${spec.raw}' matches nothing: each part of it does, but nothing is in all of them.`, { help: "A comma means 'both'. For 'either', write a space." }));
    }
    return { direct, indirect };
  }

  /** What the selector of that name selects; nothing, and an error, where there is none or it contains itself. */
  selector(name: string): ReadonlySet<string> {
    const known = this.#done.get(name);
    if (known !== undefined) return known;
    const spec = this.#read.specs.get(name);
    if (spec === undefined) {
      this.#report(error('graph/selector', `There is no selector '${name}'.`, { help: this.#nearSelector(name) }));
      return new Set();
    }
    if (spec === null) return new Set();
    if (this.#open.includes(name)) {
      const circle = [...this.#open.slice(this.#open.indexOf(name)), name];
      const span = this.#spans.get(name);
      this.#report(error('graph/selector', `Selectors contain each other in a circle: ${circle.join(' -> ')}.`, { ...(span === undefined ? {} : { span }), help: 'Take one of these out.' }));
      return new Set();
    }
    this.#open.push(name);
    const { direct } = this.evaluate(spec, 'definition');
    this.#open.pop();
    this.#done.set(name, direct);
    return direct;
  }

  /** The first term of a definition that matches nothing, as help. */
  helpFor(spec: Spec | null): { help: string } | Record<never, never> {
    if (spec === null) return {};
    if (spec.kind === 'difference') return this.helpFor(spec.from);
    if (spec.kind !== 'term') return spec.of.map((s) => this.helpFor(s)).find((h) => 'help' in h) ?? {};
    if (spec.method === 'selector' || this.#term(spec, 'definition').direct.size > 0) return {};
    return { help: `Its term '${spec.raw}' matches nothing. ${suggest(spec, this.#graph)}` };
  }

  #term(term: Term, role: Role): Found {
    let failed = false;
    const problem = (message: string, help?: string): void => {
      failed = true;
      this.#report(error('graph/selector', `The selection '${term.raw}' ${message}.`, help === undefined ? {} : { help }));
    };
    const collected = term.method === 'selector' ? this.#named(term.value, problem) : search(term, { ...this.#scene, problem });
    if (collected.size === 0) {
      if (!failed && role !== 'definition') this.#report(warning('graph/empty-selection', `The ${role} '${term.raw}' matches nothing.`, { help: term.method === 'selector' ? 'The selector exists, but nothing is as it asks.' : suggest(term, this.#graph) }));
      return { direct: collected, indirect: new Set() };
    }
    const direct = this.#withNeighbours(collected, term);
    const mode = term.indirect ?? this.#indirect;
    // A selector's result has its tests already; what it excluded must not come back.
    if (mode === 'empty' || term.method === 'selector') return { direct, indirect: new Set() };
    return this.#withTests(direct, mode);
  }

  #named(pattern: string, problem: Scene['problem']): Set<string> {
    const matches = matcher(pattern);
    const names = [...this.#read.specs.keys()].filter(matches).toSorted();
    if (names.length === 0) problem('names a selector that does not exist', this.#nearSelector(pattern));
    return unite(names.map((n) => this.selector(n)));
  }

  #nearSelector(name: string): string {
    const names = [...this.#read.specs.keys()];
    return didYouMean(name, names) ?? (names.length === 0 ? 'The project has no selectors; define them in selectors.yml.' : `Selectors: ${names.join(', ')}.`);
  }

  #withNeighbours(start: Set<string>, term: Term): Set<string> {
    const { parents, children } = this.#graph;
    const sets = [start];
    if (term.childrensParents) {
      const down = unite([start, reach(start, children)]);
      sets.push(down, reach(down, parents));
    }
    if (term.parents > 0) sets.push(reach(start, parents, term.parents));
    if (term.children > 0) sets.push(reach(start, children, term.children));
    return sets.length === 1 ? start : unite(sets);
  }

  #withTests(selected: Set<string>, mode: Exclude<IndirectSelection, 'empty'>): Found {
    const { nodes, children, parents } = this.#graph;
    const direct = new Set(selected);
    const indirect = new Set<string>();
    let built = selected;
    if (mode === 'buildable') {
      built = unite([selected, reach(selected, parents)]);
      for (const r of nodes.values()) if (r.type === 'source') built.add(r.id);
    }
    for (const id of selected) {
      for (const child of children.get(id) ?? []) {
        if (!this.#isTest(child)) continue;
        if (mode === 'eager' || this.#needs(child).every((p) => built.has(p))) direct.add(child);
        else indirect.add(child);
      }
    }
    return { direct, indirect };
  }

  /** Takes in waiting tests of which all parents have come together. */
  #addTests(direct: Set<string>, indirect: ReadonlySet<string>, mode: IndirectSelection): void {
    if (mode === 'eager' || mode === 'empty' || indirect.size === direct.size) return;
    const built = mode === 'buildable' ? unite([direct, reach(direct, this.#graph.parents)]) : new Set(direct);
    for (const id of indirect) if (this.#isTest(id) && this.#needs(id).every((p) => built.has(p))) direct.add(id);
  }

  #isTest(id: string): boolean {
    const r = this.#graph.nodes.get(id);
    return r !== undefined && (r.type === 'test' || typeOf(r) === 'unit_test');
  }

  #needs(id: string): readonly string[] {
    return this.#graph.parents.get(id) ?? [];
  }
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

function subtract(from: ReadonlySet<string>, without: ReadonlySet<string>): Set<string> {
  return new Set([...from].filter((id) => !without.has(id)));
}

/** Terms matched, and yet the command has nothing to do. */
function nothingLeft(graph: Graph, chosen: ReadonlySet<string>, types: ReadonlySet<ResourceType> | null): Diagnostic {
  const counts = new Map<ResourceType, number>();
  for (const id of chosen) {
    const r = graph.nodes.get(id);
    if (r !== undefined) counts.set(r.type, (counts.get(r.type) ?? 0) + 1);
  }
  if (counts.size === 0 || types === null) return warning('graph/empty-selection', 'Everything that is selected is excluded too.', { help: "'dwt ls' with the same selection shows what is left." });
  const what = [...counts].map(([type, n]) => `${n} ${n === 1 ? type.replace('_', ' ') : plural(type)}`).join(', ');
  return warning('graph/empty-selection', `The selection holds ${what}, and this command takes only ${[...types].map(plural).join(', ')}.`, { help: "'dwt build' takes all of them; 'dwt ls' lists them." });
}

function plural(type: ResourceType): string {
  return type === 'analysis' ? 'analyses' : `${type.replace('_', ' ')}s`;
}
