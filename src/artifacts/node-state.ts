// What of a manifest is compared when two states of a project are, by node: dbt's rules, for manifests of dbt and of dwt
// alike. https://docs.getdbt.com/reference/node-selection/state-comparison-caveats
import type { NodeState } from '../graph/select-state.ts';
import { isMapping } from '../project/shape.ts';

type Words = Readonly<Record<string, unknown>>;

/** The parts of a manifest that hold nodes. */
export interface ComparedManifest {
  readonly nodes: Readonly<Record<string, Words>>;
  readonly sources: Readonly<Record<string, Words>>;
  readonly exposures: Readonly<Record<string, Words>>;
  readonly macros: Readonly<Record<string, Words>>;
}

const NOT_COMPARED = new Set(['alias', 'schema', 'database', 'tags', 'group']);
const COMPARED_OF_TESTS = new Set(['severity', 'where', 'limit', 'fail_calc', 'warn_if', 'error_if', 'store_failures', 'store_failures_as', 'sql_header']);

/** Every node by id. */
export function nodeStates(m: ComparedManifest): ReadonlyMap<string, NodeState> {
  const macrosOf = closure(m.macros);
  const states = new Map<string, NodeState>();
  for (const [id, n] of Object.entries(m.nodes)) states.set(id, { ...ofNode(n), macros: macrosOf(n) });
  for (const [id, n] of Object.entries(m.sources)) states.set(id, ofSource(n));
  for (const [id, n] of Object.entries(m.exposures)) states.set(id, ofExposure(n));
  return states;
}

/** The text of every macro, by id. */
export function macroTexts(m: ComparedManifest): ReadonlyMap<string, string> {
  return new Map(Object.entries(m.macros).map(([id, macro]) => [id, String(macro['macro_sql'])]));
}

function ofNode(n: Words): NodeState {
  const test = n['resource_type'] === 'test';
  const written = mapping(n['unrendered_config']);
  const columns = Object.values(mapping(n['columns'])).filter(isMapping);
  const config = mapping(n['config']);
  const persists = mapping(config['persist_docs']);
  const contract = mapping(n['contract']);
  const checksum = mapping(n['checksum']);
  return {
    fqn: n['fqn'] as readonly string[],
    body: n['resource_type'] === 'seed' ? `${String(checksum['name'])}:${String(checksum['checksum'])}` : String(n['raw_code'] ?? ''),
    configs: Object.fromEntries(Object.entries(written).filter(([k]) => (test ? COMPARED_OF_TESTS.has(k) : !NOT_COMPARED.has(k)))),
    relation: [written['database'], written['schema'], written['alias']].map((v) => v ?? null),
    descriptions: {
      relation: String(n['description'] ?? ''),
      columns: Object.fromEntries(columns.map((c) => [String(c['name']), String(c['description'] ?? '')])),
      persists: { relation: persists['relation'] === true, columns: persists['columns'] === true },
    },
    // Only a model has one that counts.
    contract:
      n['resource_type'] === 'model'
        ? { enforced: contract['enforced'] === true, checksum: (contract['checksum'] as string | null | undefined) ?? null }
        : { enforced: false, checksum: null },
    other: n['resource_type'] === 'model' ? ['latest_version', 'access', 'deprecation_date'].map((k) => n[k] ?? null) : null,
    macros: [],
    newIsModified: true,
    ...(test && isMapping(n['test_metadata']) ? { onlyConfigs: true } : {}),
  };
}

const NO_TEXT = { body: null, descriptions: null, contract: null, macros: [], newIsModified: false };

function ofSource(n: Words): NodeState {
  return {
    ...NO_TEXT,
    fqn: n['fqn'] as readonly string[],
    configs: mapping(n['unrendered_config']),
    relation: ['unrendered_database', 'unrendered_schema', 'identifier'].map((k) => n[k] ?? null),
    other: ['quoting', 'freshness', 'loaded_at_field', 'external'].map((k) => n[k] ?? null),
  };
}

function ofExposure(n: Words): NodeState {
  const { nodes } = mapping(n['depends_on']);
  return {
    ...NO_TEXT,
    fqn: n['fqn'] as readonly string[],
    configs: mapping(n['unrendered_config']),
    relation: null,
    other: [...['type', 'owner', 'maturity', 'url', 'description', 'label'].map((k) => n[k] ?? null), Array.isArray(nodes) ? nodes.map(String).toSorted() : []],
  };
}

function mapping(value: unknown): Words {
  return isMapping(value) ? value : {};
}

/** Macros that a node needs, with those that these call. */
function closure(macros: ComparedManifest['macros']): (n: Words) => readonly string[] {
  const known = new Map<string, ReadonlySet<string>>();
  const called = (n: Words | undefined): readonly string[] => {
    const list = mapping(n?.['depends_on'])['macros'];
    return Array.isArray(list) ? list.map(String) : [];
  };
  const from = (id: string): ReadonlySet<string> => {
    let all = known.get(id);
    if (all === undefined) {
      const found = new Set([id]);
      for (const m of found) for (const c of called(macros[m])) found.add(c);
      known.set(id, (all = found));
    }
    return all;
  };
  return (n) => {
    const own = called(n);
    if (own.length === 0) return own;
    const all = new Set<string>();
    for (const id of own) for (const m of from(id)) all.add(m);
    return [...all];
  };
}
