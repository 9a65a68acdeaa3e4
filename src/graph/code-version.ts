// What a node's code is, as one hash: its own text and settings, the macros it needs, those that these call, and
// the ephemeral models that its SQL will hold. Two machines with the same files get the same; where it is unchanged, so is
// what the node does, up to variables, the environment and its input.
import { hash } from 'node:crypto';
import type { MacroEntry, Project } from '../project/project.ts';
import { isTemplated, type Resource } from '../project/resources.ts';
import type { Graph } from './graph.ts';
import type { NodeState } from './select-state.ts';

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
  const { fqn, body, configs, relation, descriptions, contract, other } = stateOf(r);
  const persisted =
    descriptions === null ? null : [descriptions.persists.relation ? descriptions.relation : null, descriptions.persists.columns ? descriptions.columns : null];
  const inlined = (graph.parents.get(r.id) ?? []).flatMap((id) => {
    const parent = graph.nodes.get(id);
    return parent?.type === 'model' && parent.config.materialized === 'ephemeral' ? [versionOf(parent, index, graph, versions)] : [];
  });
  const parts = [
    r.type,
    fqn,
    body,
    textOf(configs),
    relation,
    persisted,
    contract?.enforced === true ? contract.checksum : null,
    other,
    r.type === 'test' ? r.generic : null,
    isTemplated(r) && r.code.kind === 'text' ? r.code.text : null,
    index.needed(callsOf(r)),
    inlined.toSorted(),
  ];
  const version = hash('sha1', JSON.stringify(parts));
  versions.set(r.id, version);
  return version;
}

/** Names that the resource calls: in its template, in its hooks, and by being what it is. */
function callsOf(r: Resource): readonly string[] {
  const hooks = [...r.config['pre-hook'], ...r.config['post-hook']].flatMap((h) => [...h.sql.matchAll(/\b(\w+)\s*\(/g)].map((m) => m[1]!));
  return [...(isTemplated(r) ? r.macros : []), ...hooks, `materialization_${r.config.materialized}`];
}

/** Macros by name, and what each needs. */
class MacroIndex {
  private readonly byName = new Map<string, MacroEntry[]>();

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

/** What a resource is, apart from the macros that it needs. */
function stateOf(r: Resource): Omit<NodeState, 'macros' | 'newIsModified'> {
  const base = { fqn: r.fqn, configs: comparedConfigs(r) };
  if (r.type === 'source') {
    const { database, schema, identifier } = r.relation;
    return { ...base, body: null, relation: [database, schema, identifier], descriptions: null, contract: null, other: { external: r.externalLocation } };
  }
  if (r.type === 'exposure') {
    const other = {
      properties: r.properties,
      description: r.description,
      refs: r.refs.map((x) => [x.package, x.name, x.version]),
      sources: r.sources.map((s) => [s.source, s.table]),
    };
    return { ...base, body: null, relation: null, descriptions: null, contract: null, other };
  }
  const { persist_docs: docs, contract } = r.config as { persist_docs?: { relation?: boolean; columns?: boolean }; contract?: { enforced?: boolean } };
  const columns = Object.values(r.columns);
  const enforced = contract?.enforced === true;
  return {
    ...base,
    body: r.checksum,
    relation: ['database', 'schema', 'alias'].map((k) => (typeof r.config[k] === 'string' ? r.config[k] : null)),
    descriptions: {
      relation: r.description,
      columns: Object.fromEntries(columns.map((c) => [c.name, c.description])),
      persists: { relation: docs?.relation === true, columns: docs?.columns === true },
    },
    contract: { enforced, checksum: enforced ? JSON.stringify(columns.map((c) => [c.name, c.data_type, c.constraints])) : null },
    other: r.type === 'model' ? { access: r.config['access'] ?? 'protected', latestVersion: r.latestVersion } : null,
  };
}
