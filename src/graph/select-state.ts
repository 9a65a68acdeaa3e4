// Comparison with an earlier state of the project, for `state:`, `result:` and `source_status:`. In: plain records of
// then and now, which the caller makes from its artifacts. Out: whether a node is new, or modified and in what.
// What counts is dbt's: https://docs.getdbt.com/reference/node-selection/state-comparison-caveats
import { isDeepStrictEqual } from 'node:util';
import type { Resource } from '../project/resources.ts';

/** What is known from earlier runs; what is absent was not given, and methods that need it say so. */
export interface PreviousState {
  /** The nodes of the earlier project, by id. */
  readonly nodes?: ReadonlyMap<string, NodeState>;
  /** The nodes of the project at hand, made in the same way; where one is absent `stateOf` stands in. */
  readonly now?: ReadonlyMap<string, NodeState>;
  /** Hashes of macros by id, then and now. Absent: no macro has changed. */
  readonly macros?: { readonly before: ReadonlyMap<string, string>; readonly now: ReadonlyMap<string, string> };
  /** Status by id, from the earlier run_results.json. */
  readonly results?: ReadonlyMap<string, string>;
  /** Newest row by source id (ISO 8601), of the earlier and the newer sources.json; null where the check failed. */
  readonly freshness?: { readonly before: ReadonlyMap<string, string | null>; readonly now: ReadonlyMap<string, string | null> };
}

/** What is compared of a node. Parts are compared by value; null says that this kind of node has no such part. */
export interface NodeState {
  readonly fqn: readonly string[];
  /** Hash of its text or file. */
  readonly body: string | null;
  /** Configuration as written, without `alias`, `schema`, `database`, `tags` and `group`. */
  readonly configs: Readonly<Record<string, unknown>> | null;
  /** Database, schema and name as configured; of a source, as declared. */
  readonly relation: readonly (string | null)[] | null;
  readonly descriptions: {
    readonly relation: string;
    readonly columns: Readonly<Record<string, string>>;
    readonly persists: { readonly relation: boolean; readonly columns: boolean };
  } | null;
  readonly contract: { readonly enforced: boolean; readonly checksum: string | null } | null;
  /** Whatever else makes it another node: access and latest version, a source's freshness, an exposure's properties. */
  readonly other: unknown;
  /** Ids of all macros that its text needs, those that macros call among them. */
  readonly macros: readonly string[];
}

/** What may follow `state:`. */
export const STATES = [
  'new',
  'old',
  'modified',
  'unmodified',
  'modified.body',
  'modified.configs',
  'modified.relation',
  'modified.persisted_descriptions',
  'modified.macros',
  'modified.contract',
] as const;

/** One of them. */
export type StateName = (typeof STATES)[number];

/** The test that `state:<name>` makes of a node as it is now. */
export function stateCheck(name: StateName, previous: PreviousState): (r: Resource) => boolean {
  const nodes = previous.nodes ?? new Map<string, NodeState>();
  return (r) => {
    const old = nodes.get(r.id);
    if (name === 'new') return old === undefined;
    if (name === 'old') return old !== undefined;
    const now = previous.now?.get(r.id) ?? stateOf(r);
    const macros = macrosChanged(now, previous);
    switch (name) {
      case 'modified':
        return old === undefined || macros || !sameContents(old, now);
      case 'unmodified':
        return old !== undefined && !macros && sameContents(old, now);
      case 'modified.body':
        return now.body !== null && old?.body !== now.body;
      case 'modified.configs':
        return now.configs !== null && (old === undefined || !isDeepStrictEqual(old.configs, now.configs));
      case 'modified.relation':
        return now.relation !== null && (old === undefined || !isDeepStrictEqual(old.relation, now.relation));
      case 'modified.persisted_descriptions':
        return now.descriptions !== null && (old === undefined || !sameDescriptions(old, now));
      case 'modified.macros':
        return macros;
      case 'modified.contract':
        return now.contract !== null && (old === undefined || !sameContract(old, now));
    }
  };
}

/** Whether a source has newer rows than at the earlier check. */
export function isFresher(id: string, freshness: NonNullable<PreviousState['freshness']>): boolean {
  const now = freshness.now.get(id);
  const before = freshness.before.get(id);
  if (now === undefined || now === null || before === null) return false;
  if (before === undefined) return true;
  // Date has milliseconds; within one of them the texts decide.
  return Date.parse(now) > Date.parse(before) || (Date.parse(now) === Date.parse(before) && now > before);
}

function sameContents(old: NodeState, now: NodeState): boolean {
  return (
    old.body === now.body &&
    isDeepStrictEqual(old.configs, now.configs) &&
    sameDescriptions(old, now) &&
    isDeepStrictEqual(old.fqn, now.fqn) &&
    isDeepStrictEqual(old.relation, now.relation) &&
    sameContract(old, now) &&
    isDeepStrictEqual(old.other, now.other)
  );
}

/** Only what is written to the warehouse counts. */
function sameDescriptions(old: NodeState, now: NodeState): boolean {
  if (now.descriptions === null) return true;
  const { persists, relation, columns } = now.descriptions;
  return (!persists.relation || old.descriptions?.relation === relation) && (!persists.columns || isDeepStrictEqual(old.descriptions?.columns, columns));
}

function sameContract(old: NodeState, now: NodeState): boolean {
  const before = old.contract?.enforced === true;
  const after = now.contract?.enforced === true;
  return before === after && (!before || old.contract?.checksum === now.contract?.checksum);
}

function macrosChanged(now: NodeState, { macros }: PreviousState): boolean {
  return macros !== undefined && now.macros.some((m) => macros.before.get(m) !== macros.now.get(m));
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

/** The record of a node as it is now. `macros`: ids of all macros it needs; by default those that it calls itself. */
export function stateOf(r: Resource, macros?: readonly string[]): NodeState {
  const base = { fqn: r.fqn, configs: comparedConfigs(r), macros: macros ?? ('macros' in r ? r.macros : []) };
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
