// The selection language: which nodes a command works on. In: a graph and what was asked for, as typed or by the name of
// a YAML selector. Out: ids, and what is wrong or matches nothing. The language is dbt's, and so are its results.
import { type Diagnostic, error, warning } from '../diagnostics/diagnostic.ts';
import type { ResourceType } from '../project/resources.ts';
import type { Graph } from './graph.ts';
import { evaluate, evaluateSelector, type Evaluation, helpFor, subtract } from './select-evaluate.ts';
import { indexNames, type NameIndex } from './select-methods.ts';
import { type IndirectSelection, parseTerms, type Spec } from './select-parse.ts';
import type { PreviousState } from './select-state.ts';
import { type ReadSelectors, readSelectors, type YamlSelector } from './select-yaml.ts';

/** What a command was asked to work on. */
export interface SelectionRequest {
  /** Terms to unite; entries may hold several, with spaces between. None: everything. */
  readonly select?: readonly string[];
  readonly exclude?: readonly string[];
  /** Name of a YAML selector, instead of the two above. */
  readonly selector?: string;
  readonly indirect?: IndirectSelection;
  /** What the command takes; applied after all else. None: every type. */
  readonly types?: readonly ResourceType[];
  /** What it would take if asked for by `--resource-type`, where that is more. */
  readonly takes?: readonly ResourceType[];
  readonly selectors?: readonly YamlSelector[];
  readonly previous?: PreviousState;
  /** Name of the project itself, for `package:this`. */
  readonly project?: string;
}

/** What it is to work on. */
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
  const evaluation: Evaluation = {
    graph,
    read,
    report,
    indirect: request.indirect ?? 'eager',
    scene: { graph, previous: request.previous, project: request.project, names: indexAfter(3, graph) },
    spans: new Map(request.selectors?.map((s) => [s.name, s.span])),
    done: new Map(),
    open: [],
  };
  let chosen: ReadonlySet<string>;
  if (selector !== null) {
    chosen = evaluateSelector(evaluation, selector);
    const spec = read.specs.get(selector) ?? null;
    if (chosen.size === 0 && spec !== null) report(warning('graph/empty-selection', `The selector '${selector}' matches nothing.`, helpFor(evaluation, spec)));
  } else {
    chosen = from === null ? new Set(graph.nodes.keys()) : evaluate(evaluation, from, 'selection').direct;
    if (without !== null) chosen = subtract(chosen, evaluate(evaluation, without, 'exclusion').direct);
  }
  const all = [...diagnostics.values()];
  if (all.some((d) => d.severity === 'error')) return { ids: new Set(), diagnostics: all };
  const ids = new Set<string>();
  const types = request.types === undefined ? null : new Set(request.types);
  for (const r of graph.nodes.values()) if (chosen.has(r.id) && (types === null || types.has(r.type))) ids.add(r.id);
  const narrowed = from !== null || without !== null || selector !== null;
  if (ids.size === 0 && narrowed && all.length === 0) all.push(nothingLeft(graph, chosen, types, request.takes ?? []));
  return { ids, diagnostics: all };
}

/** No index for the first few names: building it costs as much as some scans. */
function indexAfter(names: number, graph: Graph): () => NameIndex | null {
  let asked = 0;
  let index: NameIndex | null = null;
  return () => (++asked > names ? (index ??= indexNames(graph)) : null);
}

/** The parts of a request: terms, or a selector's name. Null: not given. */
function whatIsAsked(
  request: SelectionRequest,
  read: ReadSelectors,
  report: (d: Diagnostic) => void,
): { from: Spec | null; without: Spec | null; selector: string | null } {
  const { select: include = [], exclude = [] } = request;
  if (request.selector !== undefined) {
    if (include.length + exclude.length > 0) {
      report(
        error('graph/selector', `--selector cannot be combined with ${include.length > 0 ? '--select' : '--exclude'}.`, {
          help: `Use it as a term: --select selector:${request.selector}.`,
        }),
      );
    }
    return { from: null, without: null, selector: request.selector };
  }
  if (include.length + exclude.length === 0) return { from: null, without: null, selector: read.fallback };
  return { from: terms(include, '--select'), without: terms(exclude, '--exclude'), selector: null };

  function terms(entries: readonly string[], flag: string): Spec | null {
    if (entries.length === 0) return null;
    // `--select "$CHANGED"`, and nothing has changed: nothing is what is meant.
    if (entries.every((e) => e.trim() === '')) {
      if (flag === '--exclude') return null;
      report(warning('graph/empty-selection', `${flag} is empty, so nothing is selected.`, { help: `Without ${flag} everything is.` }));
    }
    return parseTerms(entries, report);
  }
}

/** Terms matched, and yet the command has nothing to do. */
function nothingLeft(graph: Graph, chosen: ReadonlySet<string>, types: ReadonlySet<ResourceType> | null, takes: readonly ResourceType[]): Diagnostic {
  const counts = new Map<ResourceType, number>();
  for (const id of chosen) {
    const r = graph.nodes.get(id);
    if (r !== undefined) counts.set(r.type, (counts.get(r.type) ?? 0) + 1);
  }
  if (counts.size === 0 || types === null)
    return warning('graph/empty-selection', 'Everything that is selected is excluded too.', { help: "'dwt ls' with the same selection shows what is left." });
  const onRequest = takes.find((t) => counts.has(t));
  const what = [...counts].map(([type, n]) => `${n} ${n === 1 ? type.replace('_', ' ') : plural(type)}`).join(', ');
  return warning('graph/empty-selection', `The selection holds ${what}, and this command takes only ${[...types].map(plural).join(', ')}.`, {
    help: onRequest === undefined ? "'dwt build' takes all of them; 'dwt ls' lists them." : `With --resource-type ${onRequest} it takes them too.`,
  });
}

function plural(type: ResourceType): string {
  return type === 'analysis' ? 'analyses' : `${type.replace('_', ' ')}s`;
}
