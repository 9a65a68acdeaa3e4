// What a node's code is, as one hash: its own text and settings, the macros it needs, those that these call, and
// the ephemeral models that its SQL will hold. Two machines with the same files get the same; where it is unchanged, so is
// what the node does, up to variables, the environment and its input.
import { hash } from 'node:crypto';
import type { MacroEntry, Project } from '../project/project.ts';
import { isTemplated, type Resource } from '../project/resources.ts';
import type { Graph } from './graph.ts';

/** The hash for a node of the graph: 40 hexadecimal digits. */
export function codeVersion(r: Resource, project: Pick<Project, 'macros' | 'target'>, graph: Pick<Graph, 'nodes' | 'parents'>): string {
  let index = indexes.get(project.macros);
  if (index === undefined) indexes.set(project.macros, (index = new MacroIndex(project.macros, project.target.type)));
  let versions = known.get(graph);
  if (versions === undefined) known.set(graph, (versions = new Map()));
  return versionOf(r, index, graph, versions);
}

const indexes = new WeakMap<readonly MacroEntry[], MacroIndex>();
const known = new WeakMap<object, Map<string, string>>();

function versionOf(r: Resource, index: MacroIndex, graph: Pick<Graph, 'nodes' | 'parents'>, versions: Map<string, string>): string {
  const before = versions.get(r.id);
  if (before !== undefined) return before;
  const parts = [r.type, r.fqn, textOf(comparedConfigs(r)), contentOf(r), index.needed(callsOf(r)), inlined(r, index, graph, versions)];
  const version = hash('sha1', JSON.stringify(parts));
  versions.set(r.id, version);
  return version;
}

/** What it is beside its configuration: text, place, arguments; of its descriptions those that are written to the warehouse. */
function contentOf(r: Resource): readonly unknown[] {
  if (r.type === 'source') return [r.relation, r.externalLocation];
  if (r.type === 'exposure') return [r.properties, r.description, r.refs.map((x) => [x.package, x.name, x.version]), r.sources.map((s) => [s.source, s.table])];
  const { config } = r;
  const { persist_docs: docs, contract } = config as { persist_docs?: { relation?: boolean; columns?: boolean }; contract?: { enforced?: boolean } };
  return [
    r.checksum,
    isTemplated(r) && r.code.kind === 'text' ? r.code.text : null,
    config['database'] ?? null,
    config['schema'] ?? null,
    config['alias'] ?? null,
    docs?.relation === true ? r.description : null,
    docs?.columns === true ? Object.values(r.columns).map((c) => [c.name, c.description]) : null,
    contract?.enforced === true ? Object.values(r.columns).map((c) => [c.name, c.data_type, c.constraints]) : null,
    r.type === 'test' ? r.generic : null,
    r.type === 'model' ? [config['access'] ?? 'protected', r.latestVersion] : null,
  ];
}

/** Versions of the ephemeral models that its SQL will hold. */
function inlined(r: Resource, index: MacroIndex, graph: Pick<Graph, 'nodes' | 'parents'>, versions: Map<string, string>): readonly string[] {
  const found: string[] = [];
  for (const id of graph.parents.get(r.id) ?? []) {
    const parent = graph.nodes.get(id);
    if (parent?.type === 'model' && parent.config.materialized === 'ephemeral') found.push(versionOf(parent, index, graph, versions));
  }
  return found.toSorted();
}

/** Names that the resource calls: in its template, in its hooks, and by being what it is. */
function callsOf(r: Resource): readonly string[] {
  const calls = [`materialization_${r.config.materialized}`];
  if (isTemplated(r)) calls.push(...r.macros);
  for (const hook of [...r.config['pre-hook'], ...r.config['post-hook']]) for (const m of hook.sql.matchAll(/\b(\w+)\s*\(/g)) calls.push(m[1]!);
  return calls;
}

/** Macros by name, and what each needs. */
class MacroIndex {
  private readonly byName = new Map<string, MacroEntry[]>();
  /** What was found, by the names asked for: many nodes call the same. */
  private readonly found = new Map<string, readonly string[]>();

  constructor(macros: readonly MacroEntry[], engine: string) {
    for (const m of macros) {
      // What is written for one engine or for all is found under the name it is dispatched by.
      const [, prefix, dispatched] = /^([a-z]+)__(.+)$/.exec(m.name) ?? [];
      const [, materialization, by] = /^(materialization_.+)_([^_]+)$/.exec(m.name) ?? [];
      const names = [
        m.name,
        prefix === 'default' || prefix === engine ? dispatched : undefined,
        by === 'default' || by === engine ? materialization : undefined,
      ];
      for (const name of names) if (name !== undefined) this.byName.set(name, [...(this.byName.get(name) ?? []), m]);
    }
  }

  /** Hashes of all macros behind these names, and behind what those call. */
  needed(calls: readonly string[]): readonly string[] {
    const key = calls.join(' ');
    let found = this.found.get(key);
    if (found === undefined) this.found.set(key, (found = this.search(calls)));
    return found;
  }

  private search(calls: readonly string[]): readonly string[] {
    const found = new Set<MacroEntry>();
    const open = [...calls];
    while (open.length > 0) {
      for (const m of this.byName.get(open.pop()!.replace(/^.*\./, '')) ?? []) {
        if (found.has(m)) continue;
        found.add(m);
        open.push(...m.calls);
      }
    }
    return [...found].map((m) => `${m.package}.${m.name} ${m.textChecksum}`).toSorted();
  }
}

/** Configuration as text; the resources of a folder often share theirs. */
function textOf(configs: object): string {
  let text = texts.get(configs);
  if (text === undefined) texts.set(configs, (text = canonical(configs)));
  return text;
}

const texts = new WeakMap<object, string>();

/** JSON with the keys of objects in order. */
function canonical(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(',')}}`;
}

const NOT_COMPARED = new Set(['alias', 'schema', 'database', 'tags', 'group']);
const COMPARED_OF_TESTS = ['severity', 'where', 'limit', 'fail_calc', 'warn_if', 'error_if', 'store_failures', 'store_failures_as', 'sql_header'];

/** Resources of a folder often share one configuration; what is compared of it is then one object, too. */
function comparedConfigs(r: Resource): Readonly<Record<string, unknown>> {
  const kind = r.type === 'test' ? ofTests : ofOthers;
  let found = kind.get(r.config);
  if (found === undefined) {
    const compared = (k: string): boolean => (r.type === 'test' ? COMPARED_OF_TESTS.includes(k) : !NOT_COMPARED.has(k));
    found = Object.fromEntries(Object.entries(r.config).filter(([k, v]) => v !== undefined && compared(k)));
    kind.set(r.config, found);
  }
  return found;
}

const ofTests = new WeakMap<object, Readonly<Record<string, unknown>>>();
const ofOthers = new WeakMap<object, Readonly<Record<string, unknown>>>();
