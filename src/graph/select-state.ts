// Comparison with an earlier state of the project, for `state:`, `result:` and `source_status:`. In: plain records of
// then and now, which the caller makes from its artifacts. Out: whether a node is new, or modified and in what.
// What counts is dbt's: https://docs.getdbt.com/reference/node-selection/state-comparison-caveats
import { isDeepStrictEqual } from 'node:util';
import type { Resource } from '../project/resources.ts';

/** Something then, and the same now. */
export interface ThenAndNow<T> {
  readonly before: ReadonlyMap<string, T>;
  readonly now: ReadonlyMap<string, T>;
}

/** What is known from earlier runs; what is absent was not given, and methods that need it say so. */
export interface PreviousState {
  /** The nodes of the project by id. */
  readonly nodes?: ThenAndNow<NodeState>;
  /** Texts of macros by id. Absent: no macro has changed. */
  readonly macros?: ThenAndNow<string>;
  /** Status by id, from the earlier run_results.json. */
  readonly results?: ReadonlyMap<string, string>;
  /** Newest row by source id (ISO 8601), of the earlier and the newer sources.json; null where the check failed. */
  readonly freshness?: ThenAndNow<string | null>;
}

/** What is compared of a node. Parts are compared by value; null says that this kind of node has no such part. */
export interface NodeState {
  readonly fqn: readonly string[];
  /** Its text, or the hash of its file. */
  readonly body: string | null;
  /** Configuration as written, without what is not compared. */
  readonly configs: Readonly<Record<string, unknown>>;
  /** Database, schema and name as configured; of a source, as declared. */
  readonly relation: readonly unknown[] | null;
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
  /** Of a generic test only its configuration and its place make it modified. */
  readonly onlyConfigs?: boolean;
  /** A source or an exposure that is new is not modified, as in dbt. */
  readonly newIsModified: boolean;
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
export function stateCheck(name: StateName, nodes: ThenAndNow<NodeState>, macros: PreviousState['macros']): (r: Resource) => boolean {
  return (r) => {
    const old = nodes.before.get(r.id);
    if (name === 'new') return old === undefined;
    if (name === 'old') return old !== undefined;
    const now = nodes.now.get(r.id);
    if (now === undefined) return false;
    const modified = (): boolean => (old === undefined ? now.newIsModified : !sameContents(old, now)) || macrosChanged(now, macros);
    switch (name) {
      case 'modified':
        return modified();
      case 'unmodified':
        return !modified();
      case 'modified.body':
        return now.body !== null && old?.body !== now.body;
      case 'modified.configs':
        return old === undefined || !isDeepStrictEqual(old.configs, now.configs);
      case 'modified.relation':
        return now.relation !== null && (old === undefined || !isDeepStrictEqual(old.relation, now.relation));
      case 'modified.persisted_descriptions':
        return now.descriptions !== null && (old === undefined || !sameDescriptions(old, now));
      case 'modified.macros':
        return macrosChanged(now, macros);
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
  if (!isDeepStrictEqual(old.configs, now.configs) || !isDeepStrictEqual(old.fqn, now.fqn)) return false;
  return (
    now.onlyConfigs === true ||
    (old.body === now.body &&
      sameDescriptions(old, now) &&
      isDeepStrictEqual(old.relation, now.relation) &&
      sameContract(old, now) &&
      isDeepStrictEqual(old.other, now.other))
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

function macrosChanged(now: NodeState, macros: PreviousState['macros']): boolean {
  return macros !== undefined && now.macros.some((m) => macros.before.get(m) !== macros.now.get(m));
}
