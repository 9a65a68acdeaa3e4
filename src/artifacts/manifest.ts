// manifest.json in dbt's shape (v12): everything that is known of a project, and the SQL that a run compiled. Sorted and
// without clocks, so that the same project gives the same file, but for its metadata.
// https://docs.getdbt.com/reference/artifacts/manifest-json
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Facts } from '../context/context.ts';
import type { NodeResult } from '../execute/events.ts';
import { writeWhole } from '../files/write.ts';
import type { Graph } from '../graph/graph.ts';
import type { YamlSelector } from '../graph/select-yaml.ts';
import type { Project } from '../project/project.ts';
import type { Resource } from '../project/resources.ts';
import { DocsIndex } from './manifest-config.ts';
import { type CompiledNode, groupOf, keyTests, type ManifestSources, type Node, nodeParts } from './manifest-nodes.ts';
import { docDict, exposureDict, groupDict, macroDict, sourceDict } from './manifest-others.ts';
import { selectorsDict } from './manifest-selectors.ts';
import type { ComparedManifest } from './node-state.ts';
import type { ArtifactPlace } from './place.ts';
import { inner } from './shared-text.ts';
import { WrittenConfig } from './written-config.ts';
import { type Invocation, metadataOf } from './write-json.ts';

export interface ManifestInput {
  readonly project: Project;
  readonly graph: Graph;
  readonly facts: Facts;
  readonly readText: (file: string) => string;
  readonly place: ArtifactPlace;
  readonly selectors: readonly YamlSelector[];
  /** What was compiled, by id; nothing where nothing was. */
  readonly compiled?: ReadonlyMap<string, CompiledNode>;
}

/**
 * A part of the manifest: a value; entries that are made one after the other, since a project may have many thousands, each an
 * object in pieces; or lists of ids.
 */
type Part =
  | { readonly value: unknown }
  | { readonly entries: () => Iterable<readonly [key: string, pieces: readonly Node[]]> }
  | { readonly lists: ReadonlyMap<string, readonly string[]> };

/** What of it is compared when the project is held against an earlier state. */
export function comparedManifest(i: ManifestInput): ComparedManifest {
  const parts = partsOf(i);
  const of = (name: keyof ComparedManifest): Record<string, Node> => {
    const part = parts[name]!;
    if (!('entries' in part)) return {};
    return Object.fromEntries(Array.from(part.entries(), ([key, pieces]) => [key, Object.assign({}, ...pieces) as Node]));
  };
  return { nodes: of('nodes'), sources: of('sources'), exposures: of('exposures'), macros: of('macros') };
}

function partsOf(i: ManifestInput): Record<string, Part> {
  const { project, graph, facts } = i;
  let tests: ReturnType<typeof keyTests> | undefined;
  const sources: ManifestSources = {
    project,
    graph,
    dialect: facts.dialect,
    macros: facts.macros,
    readText: i.readText,
    place: i.place,
    written: new WrittenConfig(project.trees),
    docs: new DocsIndex(project.docs, project.name),
    compiled: i.compiled ?? new Map(),
    keyTests: () => (tests ??= keyTests(graph, project)),
  };
  const ids = [...graph.nodes.keys()].toSorted();
  const described = new Map(project.macroProperties.map((e) => [`${e.package}.${e.name}`, e]));
  const resources = (keep: (r: Resource) => boolean): Part => ({
    entries: function* () {
      for (const id of ids) {
        const r = graph.nodes.get(id)!;
        if (keep(r)) yield [id, anyParts(sources, r)];
      }
    },
  });
  return {
    nodes: resources((r) => r.type !== 'source' && r.type !== 'exposure'),
    sources: resources((r) => r.type === 'source'),
    macros: {
      entries: () =>
        project.macros
          .map((e) => [`macro.${e.package}.${e.name}`, e] as const)
          .toSorted(([x], [y]) => (x < y ? -1 : 1))
          .map(([id, e]) => [id, [macroDict(sources, e, described.get(`${e.package}.${e.name}`))]] as const),
    },
    docs: { value: sorted(byId(project.docs.map(docDict))) },
    exposures: resources((r) => r.type === 'exposure'),
    metrics: { value: {} },
    groups: { value: sorted(byId(project.groups.map(groupDict))) },
    selectors: { value: sorted(selectorsDict(i.selectors)) },
    disabled: { value: sorted(Object.fromEntries([...project.disabled].map(([id, r]) => [id, [Object.assign({}, ...anyParts(sources, r))]]))) },
    parent_map: { lists: listsOf(ids, graph.parents) },
    child_map: { lists: listsOf(ids, graph.children) },
    group_map: { value: groupMap(project, graph, ids) },
    saved_queries: { value: {} },
    semantic_models: { value: {} },
    unit_tests: { value: {} },
    functions: { value: {} },
  };
}

/** Writes manifest.json and returns its path. */
export function writeManifest(i: ManifestInput, invocation: Invocation): string {
  const { project } = i;
  const path = join(i.place.targetPath, 'manifest.json');
  const metadata = {
    ...metadataOf('manifest/v12', invocation),
    project_name: project.name,
    project_id: createHash('md5').update(project.name).digest('hex'),
    user_id: null,
    send_anonymous_usage_stats: false,
    adapter_type: project.target.type,
    quoting: { database: true, schema: true, identifier: true, column: null },
    run_started_at: invocation.startedAt.toISOString(),
  };
  writeWhole(path, textsOf(metadata, partsOf(i)));
  return path;
}

/** The JSON text in pieces: whole, it would be many times the size in memory. */
function* textsOf(metadata: unknown, parts: Readonly<Record<string, Part>>): Generator<string> {
  yield `{"metadata":${JSON.stringify(metadata)}`;
  for (const [name, part] of Object.entries(parts)) {
    yield `,${JSON.stringify(name)}:`;
    if ('value' in part) yield JSON.stringify(part.value);
    else yield* 'lists' in part ? textsOfLists(part.lists) : textsOfEntries(part.entries());
  }
  yield '}';
}

function* textsOfEntries(entries: Iterable<readonly [string, readonly Node[]]>): Generator<string> {
  let text = '{';
  let first = true;
  for (const [key, pieces] of entries) {
    text += `${first ? '' : ','}${JSON.stringify(key)}:{${inner(pieces[0]!)}`;
    for (let i = 1; i < pieces.length; i++) text += `,${inner(pieces[i]!)}`;
    text += '}';
    first = false;
    if (text.length < BLOCK) continue;
    yield text;
    text = '';
  }
  yield `${text}}`;
}

function* textsOfLists(lists: ReadonlyMap<string, readonly string[]>): Generator<string> {
  const quoted = new Map<string, string>();
  const quote = (id: string): string => {
    let text = quoted.get(id);
    if (text === undefined) quoted.set(id, (text = JSON.stringify(id)));
    return text;
  };
  let text = '{';
  let first = true;
  for (const [id, list] of lists) {
    text += `${first ? '' : ','}${quote(id)}:[${list.map(quote).join(',')}]`;
    first = false;
    if (text.length < BLOCK) continue;
    yield text;
    text = '';
  }
  yield `${text}}`;
}

const BLOCK = 1 << 16;

/** What the nodes of a run were compiled to. */
export function compiledNodes(results: readonly NodeResult[]): ReadonlyMap<string, CompiledNode> {
  return new Map(
    results.flatMap((r) => (r.compiled === null ? [] : [[r.id, { sql: r.compiled.sql, ctes: r.compiled.ctes, ran: r.executed.length > 0 }] as const])),
  );
}

function anyParts(sources: ManifestSources, r: Resource): readonly Node[] {
  return r.type === 'source' ? [sourceDict(sources, r)] : r.type === 'exposure' ? [exposureDict(sources, r)] : nodeParts(sources, r);
}

function byId(nodes: readonly Node[]): Record<string, Node> {
  return Object.fromEntries(nodes.map((n) => [n['unique_id'] as string, n]));
}

function sorted<T>(of: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(of).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function listsOf(ids: readonly string[], edges: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> {
  // Data tests of what is disabled have edges and are no nodes.
  const known = edges.size === ids.length ? null : new Set(ids);
  return new Map(
    ids.map((id) => {
      const list = edges.get(id) ?? [];
      const own = known === null ? list : list.filter((e) => known.has(e));
      return [id, own.length < 2 ? own : own.toSorted()];
    }),
  );
}

function groupMap(project: Project, graph: Graph, ids: readonly string[]): Record<string, readonly string[]> {
  const members = new Map<string, string[]>(project.groups.map((g) => [g.name, []]));
  if (members.size > 0) for (const id of ids) members.get(groupOf(graph, graph.nodes.get(id)!) ?? '')?.push(id);
  return sorted(Object.fromEntries(members));
}
