// Step 2 of the house: a Project becomes a Graph. Every ref and source is resolved, circles are found, and nodes stand
// in an order in which each comes after what it reads. Pure: places are resolved by the caller's function.
import { createRequire } from 'node:module';
import { privateRef } from './access.ts';
import { type Diagnostic, error, type Span, warning } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { HISTORY_SOURCE, HISTORY_TABLES, historySource, isHistoryTable } from '../project/history.ts';
import { type Project, PYTHON_HELP } from '../project/project.ts';
import { isTemplate } from '../project/shape.ts';
import { isRefable, isTemplated, label, type Place, type Ref, type Resource, type SourceRef } from '../project/resources.ts';

const toposort = createRequire(import.meta.url)('toposort') as typeof import('toposort');

export interface Graph {
  readonly nodes: ReadonlyMap<string, Resource>;
  /** What each node reads, directly. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  readonly children: ReadonlyMap<string, readonly string[]>;
  /** Every node after all that it reads; among equals, as the files stand. */
  readonly order: readonly string[];
  /** Finds what a ref or a source names. */
  readonly resolver: Resolver;
}

export interface Resolver {
  /** The resource, or why there is none. */
  ref(ref: Pick<Ref, 'package' | 'name' | 'version'>, fromPackage: string, from?: string): Resolution;
  source(source: Pick<SourceRef, 'source' | 'table'>): Resolution;
}

export type Resolution =
  | { readonly resource: Resource }
  | { readonly problem: 'missing' | 'disabled' | 'ambiguous'; readonly message: string; readonly help?: string };

/**
 * Builds the graph. Errors (missing refs, circles) come back beside it; the graph then lacks those edges. `mayExist`: whether a name
 * may be that of something that could not be read, so that nothing is said of its absence.
 */
export function buildGraph(
  project: Project,
  spanOf: (p: Place) => Span,
  mayExist: (name: string) => boolean = () => false,
): { readonly graph: Graph; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  /** Data tests whose subject is disabled: they go with it. */
  const unusable = new Set<string>();
  const resolver = makeResolver(project);
  const parents = new Map<string, readonly string[]>();
  const children = new Map<string, string[]>();
  for (const id of project.resources.keys()) children.set(id, []);
  for (const r of project.resources.values()) {
    const own: string[] = [];
    if (isTemplated(r) || r.type === 'exposure') {
      for (const ref of r.refs) add(resolver.ref(ref, r.package, r.name), ref.place, 'graph/missing-ref', r, ref.name);
      for (const source of r.sources) add(resolver.source(source), source.place, 'graph/missing-source', r, source.table);
    }
    parents.set(r.id, own);
    for (const p of own) children.get(p)!.push(r.id);

    function add(resolution: Resolution, place: Place, missing: 'graph/missing-ref' | 'graph/missing-source', from: Resource, name: string): void {
      if ('resource' in resolution) {
        if (resolution.resource.id === from.id)
          diagnostics.push(
            error('graph/cycle', `${label(from)} reads itself.`, {
              span: spanOf(place),
              help: 'Use {{ this }} for the table as it was before, in an incremental model.',
            }),
          );
        else if (!own.includes(resolution.resource.id)) own.push(resolution.resource.id);
        const refused = privateRef(project, from, resolution.resource);
        if (refused !== undefined && !(from.type === 'test' && from.generic?.attachedTo === resolution.resource.id))
          diagnostics.push(
            error('graph/private-ref', `${label(from)} reads ${refused}`, {
              span: spanOf(place),
              help: 'Put both in one group (config: group), or give the model another access: protected or public.',
            }),
          );
        return;
      }
      if (resolution.problem === 'missing' && mayExist(name)) return;
      const code = resolution.problem === 'disabled' ? 'graph/disabled-ref' : resolution.problem === 'ambiguous' ? 'graph/ambiguous-ref' : missing;
      const extra = { span: spanOf(place), ...(resolution.help === undefined ? {} : { help: resolution.help }) };
      if (from.type === 'test' && resolution.problem === 'disabled') {
        // Of a data test of what is disabled nothing needs to be said.
        if (!isAttachedToDisabled(project, from)) diagnostics.push(warning(code, `${label(from)} reads ${resolution.message}`, extra));
        unusable.add(from.id);
      } else diagnostics.push(error(code, `${label(from)} reads ${resolution.message}`, extra));
    }
  }
  const order = sortNodes(project, parents, children, diagnostics, spanOf);
  const nodes = unusable.size === 0 ? project.resources : new Map([...project.resources].filter(([id]) => !unusable.has(id)));
  const graph: Graph = { nodes, parents, children, order: unusable.size === 0 ? order : order.filter((id) => !unusable.has(id)), resolver };
  return { graph, diagnostics };
}

/** Whether a data test belongs to a resource that is disabled. */
function isAttachedToDisabled(project: Project, test: Resource): boolean {
  return test.type === 'test' && test.generic !== null && project.disabled.has(test.generic.attachedTo);
}

function sortNodes(
  project: Project,
  parents: ReadonlyMap<string, readonly string[]>,
  children: ReadonlyMap<string, readonly string[]>,
  diagnostics: Diagnostic[],
  spanOf: (p: Place) => Span,
): readonly string[] {
  const ids = [...project.resources.keys()];
  const edges: [string, string][] = [];
  for (const [id, ps] of parents) for (const p of ps) edges.push([p, id]);
  try {
    return toposort.array(ids, edges);
  } catch {
    const circles = findCircles(ids, parents);
    // toposort is recursive, so a chain of many thousand nodes is too deep for it; without a circle there is an order all the same.
    if (circles.length === 0) return sortDeep(ids, parents);
    for (const circle of circles) diagnostics.push(explainCircle(project, circle, spanOf));
    return ids.filter((id) => children.has(id));
  }
}

function explainCircle(project: Project, circle: readonly string[], spanOf: (p: Place) => Span): Diagnostic {
  const members = circle.map((id) => project.resources.get(id)!);
  const at = (i: number): Resource => members[i % members.length]!;
  return error('graph/cycle', `These resources read each other in a circle: ${[...members, at(0)].map((r) => r.name).join(' -> ')}.`, {
    span: refPlace(at(0), at(1), spanOf),
    related: members.slice(1).map((from, i) => ({ message: `'${from.name}' reads '${at(i + 2).name}'`, span: refPlace(from, at(i + 2), spanOf) })),
    help: 'Take one of these references out, or split a model in two.',
  });
}

/** Circles, each node of one reading the next; of several that share a node, one. */
function findCircles(ids: readonly string[], parents: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const circles: (readonly string[])[] = [];
  const seen = new Set<string>();
  visitDepthFirst(
    ids,
    parents,
    () => {},
    (found) => {
      if (found.some((id) => seen.has(id))) return;
      for (const id of found) seen.add(id);
      circles.push(found);
    },
  );
  return circles;
}

/** Every node after its parents, without recursion. */
function sortDeep(ids: readonly string[], parents: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const order: string[] = [];
  visitDepthFirst(
    ids,
    parents,
    (id) => order.push(id),
    () => {},
  );
  return order;
}

/** Visits each node once; `leave` is called when all its parents have been left. A circle is reported where it closes. */
function visitDepthFirst(
  ids: readonly string[],
  parents: ReadonlyMap<string, readonly string[]>,
  leave: (id: string) => void,
  closed: (circle: readonly string[]) => void,
): void {
  const state = new Map<string, 'open' | 'done'>();
  for (const start of ids) {
    if (state.has(start)) continue;
    const stack: { id: string; next: number }[] = [{ id: start, next: 0 }];
    state.set(start, 'open');
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const p = parents.get(top.id)?.[top.next++];
      if (p === undefined) {
        state.set(top.id, 'done');
        leave(top.id);
        stack.pop();
      } else if (state.get(p) === 'open') closed(stack.slice(stack.findIndex((s) => s.id === p)).map((s) => s.id));
      else if (!state.has(p)) {
        state.set(p, 'open');
        stack.push({ id: p, next: 0 });
      }
    }
  }
}

function refPlace(from: Resource, to: Resource, spanOf: (p: Place) => Span): Span {
  const refs = isTemplated(from) || from.type === 'exposure' ? from.refs : [];
  return spanOf(refs.find((r) => r.name === to.name)?.place ?? from.place);
}

function makeResolver(project: Project): Resolver {
  const byName = new Map<string, Resource[]>();
  const sources = new Map<string, Resource>();
  for (const r of project.resources.values()) {
    if (isRefable(r)) {
      const same = byName.get(r.name);
      if (same === undefined) byName.set(r.name, [r]);
      else same.push(r);
    } else if (r.type === 'source') sources.set(`${r.sourceName}.${r.name}`, r);
  }
  const pick = (candidates: readonly Resource[], version: string | null): readonly Resource[] => {
    const versioned = candidates.filter((c) => c.type === 'model' && c.version !== null);
    if (versioned.length === 0) return version === null ? candidates : [];
    return versioned.filter((c) => c.type === 'model' && c.version === (version ?? c.latestVersion));
  };
  return {
    ref({ package: pkg, name, version }, fromPackage, from) {
      const named = byName.get(name) ?? [];
      const only = named.length === 1 ? named[0]! : undefined;
      if (only !== undefined && version === null && (pkg === null || pkg === only.package) && (only.type !== 'model' || only.version === null))
        return { resource: only };
      const all = named.filter((c) => pkg === null || c.package === pkg);
      const own = pick(
        all.filter((c) => c.package === fromPackage),
        version,
      );
      const found = own.length > 0 ? own : pick(all, version);
      if (found.length === 1) return { resource: found[0]! };
      if (found.length > 1)
        return {
          problem: 'ambiguous',
          message: `'${name}', which is in several packages: ${found.map((f) => f.package).join(', ')}.`,
          help: `Name the package: ref('${found[0]!.package}', '${name}').`,
        };
      if (all.length > 0)
        return {
          problem: 'missing',
          message: `${version === null ? `the latest version (${latestOf(all)})` : `version ${version}`} of '${name}', which does not exist.`,
          help: `Versions: ${all.map((c) => (c.type === 'model' ? c.version : '')).join(', ')}.`,
        };
      const disabled = [...project.disabled.values()].find((d) => isRefable(d) && d.name === name);
      if (disabled !== undefined)
        return {
          problem: 'disabled',
          message: `${label(disabled)}, which is disabled.`,
          help: `It has enabled: false (${disabled.file}, or a folder above it in project.yml).`,
        };
      const python = project.pythonModels.get(name);
      if (python !== undefined) return { problem: 'missing', message: `'${name}', a Python model (${python}), which dwt does not run.`, help: PYTHON_HELP };
      const templated: boolean = isTemplate(name);
      if (templated)
        return { problem: 'missing', message: `'${name}', which does not exist.`, help: 'Within {{ … }} a name is written alone, without braces and quotes.' };
      const packages = new Set([...project.resources.values()].map((r) => r.package));
      if (pkg !== null && !packages.has(pkg)) {
        const help = didYouMean(pkg, packages) ?? `Packages: ${[...packages].join(', ')}.`;
        return { problem: 'missing', message: `'${pkg}.${name}', and there is no package '${pkg}'.`, help };
      }
      const source = [...sources.values()].find((s) => s.name === name);
      const near =
        didYouMean(
          name,
          [...byName.keys()].filter((n) => n !== from),
        ) ?? (source?.type === 'source' ? `There is a source of that name: source('${source.sourceName}', '${name}').` : undefined);
      return {
        problem: 'missing',
        message: `'${pkg === null ? '' : `${pkg}.`}${name}', which does not exist.`,
        ...(near === undefined ? { help: `Write models/${name}.sql, or correct the name.` } : { help: near }),
      };
    },
    source({ source, table }) {
      const found = sources.get(`${source}.${table}`);
      if (found !== undefined) return { resource: found };
      if (source === HISTORY_SOURCE && !declaresHistory(project)) return historyTable(project, table);
      const disabled = [...project.disabled.values()].find((d) => d.type === 'source' && d.sourceName === source && d.name === table);
      if (disabled !== undefined) return { problem: 'disabled', message: `${label(disabled)}, which is disabled.` };
      const near = didYouMean(`${source}.${table}`, sources.keys());
      return {
        problem: 'missing',
        message: `source '${source}.${table}', which is not declared.`,
        help: near ?? `Declare it under 'sources:' of a property file, such as models/_sources.yml.`,
      };
    },
  };
}

/** Whether the project has a source of the history's name itself. */
function declaresHistory(project: Project): boolean {
  return [project.resources, project.disabled].some((rs) =>
    [...rs.values()].some((r) => r.type === 'source' && r.sourceName === HISTORY_SOURCE && r.patch !== null),
  );
}

/** A table of the run history, which is a source of every project that has one. */
function historyTable(project: Project, table: string): Resolution {
  if (project.history === null)
    return {
      problem: 'missing',
      message: `source '${HISTORY_SOURCE}.${table}', and the run history of this project is off.`,
      help: "Take history: false out of project.yml, or don't read it.",
    };
  if (isHistoryTable(table)) return { resource: historySource(project.name, project.history, table, 'project.yml') };
  const tables = Object.keys(HISTORY_TABLES);
  return {
    problem: 'missing',
    message: `source '${HISTORY_SOURCE}.${table}', which is not a table of the run history.`,
    help: didYouMean(table, tables) ?? `Its tables: ${tables.join(', ')}.`,
  };
}

function latestOf(versions: readonly Resource[]): string {
  const [first] = versions;
  return first?.type === 'model' ? (first.latestVersion ?? 'none') : 'none';
}

/** Every node reachable through `edges`, at most `depth` steps away; the start is not among them unless reached. */
export function reach(start: Iterable<string>, edges: ReadonlyMap<string, readonly string[]>, depth: number = Infinity): Set<string> {
  const found = new Set<string>();
  let front = [...start];
  for (let d = 0; d < depth && front.length > 0; d++) {
    const next: string[] = [];
    for (const id of front) {
      for (const to of edges.get(id) ?? []) {
        if (found.has(to)) continue;
        found.add(to);
        next.push(to);
      }
    }
    front = next;
  }
  return found;
}
