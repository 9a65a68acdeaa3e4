// The methods of the selection language. In: a graph and a term's method and value. Out: the nodes that it finds, before
// neighbours and tests are added. A few names are found by a scan, many by an index that is then built.
// Meanings are dbt's: https://docs.getdbt.com/reference/node-selection/methods
import { didYouMean } from '../diagnostics/nearest.ts';
import { canonicalKey } from '../project/config.ts';
import { fullConfig } from '../project/full-config.ts';
import type { Resource, ResourceType } from '../project/resources.ts';
import type { Graph } from './graph.ts';
import { isPattern, matcher, pathMatcher } from './select-glob.ts';
import { type Method, METHODS, type Term } from './select-parse.ts';
import { isFresher, type PreviousState, stateCheck, type StateName, STATES } from './select-state.ts';

/** What methods look at. `problem` takes what is wrong with a term's value. */
export interface Scene {
  readonly graph: Graph;
  readonly previous: PreviousState | undefined;
  /** Name of the project itself, for `package:this`. */
  readonly project: string | undefined;
  /** The index of names, or null while a scan is cheaper than building it. */
  readonly names: () => NameIndex | null;
  readonly problem: (message: string, help?: string) => void;
}

type Test = (r: Resource) => boolean;
type Search = (value: string, scene: Scene, args: readonly string[]) => Test | undefined;

/** The nodes that a term's method finds; none after `scene.problem` was called. */
export function search(term: Term, scene: Scene): Set<string> {
  if (term.method === 'fqn') return byName(term.value, scene);
  const test = SEARCHES[term.method as Exclude<Method, 'fqn' | 'selector'>](term.value, scene, term.arguments);
  const found = new Set<string>();
  if (test !== undefined) for (const r of scene.graph.nodes.values()) if (test(r)) found.add(r.id);
  return found;
}

/** The type as a plain union, which may hold more than today's resources. */
export function typeOf(r: Resource): ResourceType {
  return r.type;
}

/** Nodes by every text that a name without pattern can start from: a leaf, a folder, a package. */
export type NameIndex = ReadonlyMap<string, readonly Resource[]>;

/** Builds the index of names; sources have names of their own and are not in it. */
export function indexNames(graph: Graph): NameIndex {
  const index = new Map<string, Resource[]>();
  for (const r of graph.nodes.values()) {
    if (r.type === 'source') continue;
    const leaf = r.fqn.at(-1) ?? r.name;
    const keys = new Set([leaf, firstPart(r.fqn[0]), firstPart(r.fqn[1])]);
    if (isVersioned(r)) {
      keys.add(r.fqn.at(-2) ?? '');
      keys.add(`${r.fqn.at(-2)}_${leaf}`);
    }
    for (const k of keys) {
      const list = index.get(k);
      if (list === undefined) index.set(k, [r]);
      else list.push(r);
    }
  }
  return index;
}

function firstPart(segment: string | undefined): string {
  return segment?.split('.', 1)[0] ?? '';
}

function byName(value: string, scene: Scene): Set<string> {
  const wanted = wantedName(value);
  const found = new Set<string>();
  const add = (candidates: Iterable<Resource>): void => {
    for (const r of candidates) if (r.type !== 'source' && (isNamed(r, 0, wanted) || isNamed(r, 1, wanted))) found.add(r.id);
  };
  const index = wanted.patternAt === 0 ? null : scene.names();
  if (index === null) add(scene.graph.nodes.values());
  else for (const key of new Set([value, wanted.parts[0]!, wanted.lastTwo])) add(index.get(key) ?? []);
  return found;
}

interface WantedName {
  readonly value: string;
  readonly parts: readonly string[];
  /** For versions: `orders.v2` is `orders_v2` too. */
  readonly lastTwo: string;
  /** The first part with a pattern, and the test for all from there on. */
  readonly patternAt: number;
  readonly rest: (text: string) => boolean;
}

function wantedName(value: string): WantedName {
  const parts = value.split('.');
  const at = parts.findIndex(isPattern);
  return { value, parts, lastTwo: parts.slice(-2).join('_'), patternAt: at, rest: matcher(at < 0 ? '' : parts.slice(at).join('.')) };
}

/** dbt's rule: the leaf itself; or the parts from the start (or after the package: `from` 1), and from the first pattern on all the rest. */
function isNamed(r: Resource, from: 0 | 1, { value, parts, lastTwo, patternAt, rest }: WantedName): boolean {
  const { fqn } = r;
  const versioned = isVersioned(r);
  const leaf = versioned ? fqn.at(-2) : fqn.at(-1);
  if (leaf === value || (versioned && fqn.slice(-2).join('_') === lastTwo)) return true;
  if (patternAt !== 0 && !fqn[from]?.startsWith(parts[0]!)) return false;
  // Dots in names separate parts, as folders do.
  const flat = fqn.slice(from).flatMap((s) => (s.includes('.') ? s.split('.') : s));
  if (flat.length < parts.length) return false;
  const literal = patternAt < 0 ? parts.length : patternAt;
  for (let i = 0; i < literal; i++) if (flat[i] !== parts[i]) return false;
  if (patternAt < 0) return true;
  return rest(flat.slice(patternAt).join('.')) || (parts.length === 1 && leaf !== undefined && rest(leaf));
}

function isVersioned(r: Resource): boolean {
  return r.type === 'model' && r.version !== null;
}

/** All there are. */
export const RESOURCE_TYPES: readonly ResourceType[] = ['model', 'seed', 'snapshot', 'test', 'source', 'analysis', 'operation', 'unit_test', 'exposure'];
/** Resource types of dbt that no project has here: they select nothing. */
export const FOREIGN_TYPES: readonly string[] = [
  'metric',
  'semantic_model',
  'saved_query',
  'function',
  'macro',
  'group',
  'doc',
  'fixture',
  'rpc',
  'sql_operation',
];
const STATUSES = ['success', 'error', 'fail', 'warn', 'pass', 'skipped', 'partial_success', 'no-op', 'reused', 'runtime_error'];

const SEARCHES: Readonly<Record<Exclude<Method, 'fqn' | 'selector'>, Search>> = {
  tag: (value) => {
    const matches = matcher(value);
    return (r) => r.config.tags.some(matches);
  },
  path: (value) => {
    const matches = pathMatcher(value);
    const folders = new Map<string, boolean>();
    const above = (path: string): boolean => {
      const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      let known = folders.get(folder);
      if (known === undefined) folders.set(folder, (known = matches(folder) || (folder !== '' && above(folder))));
      return known;
    };
    return (r) => matches(r.file) || (r.patch !== null && matches(r.patch)) || above(r.file);
  },
  file: (value) => {
    const matches = matcher(value);
    return (r) => {
      const name = r.file.slice(r.file.lastIndexOf('/') + 1);
      return matches(name) || matches(name.replace(/(.)\.[^.]*$/, '$1'));
    };
  },
  config: (value, _scene, args) => {
    const truth = value.toLowerCase() === 'true' ? true : value.toLowerCase() === 'false' ? false : undefined;
    const wanted = args[0] === 'severity' ? value.toLowerCase() : value;
    const is = (v: unknown): boolean =>
      (truth !== undefined && v === truth) ||
      (v !== undefined && v !== null && typeof v !== 'object' && (args[0] === 'severity' ? String(v).toLowerCase() : String(v)) === wanted);
    return (r) => {
      // As in dbt, which does not look at these.
      if (r.type === 'exposure' || typeOf(r) === 'unit_test') return false;
      const found = configOf(r, args);
      return Array.isArray(found) ? found.some(is) : is(found);
    };
  },
  resource_type: (value, scene) => {
    if (isUnknown('resource_type', value)) return noSuch(scene, 'resource_type', value);
    return (r) => r.type === value;
  },
  source: (value, scene) => {
    const parts = split(value, 3, scene, "A source is 'source:shop', 'source:shop.orders' or 'source:package.shop.orders'.");
    if (parts === undefined) return undefined;
    const [pkg, source, table] = (parts.length === 1 ? ['*', parts[0]!, '*'] : parts.length === 2 ? ['*', ...parts] : parts).map(matcher);
    return (r) => r.type === 'source' && pkg!(r.package) && source!(r.sourceName) && table!(r.name);
  },
  exposure: packaged('exposure'),
  unit_test: packaged('unit_test'),
  group: (value) => {
    const matches = matcher(value);
    return (r) => typeof r.config['group'] === 'string' && r.type !== 'source' && r.type !== 'exposure' && matches(r.config['group']);
  },
  access: (value, scene) => {
    if (isUnknown('access', value)) return noSuch(scene, 'access', value);
    return (r) => r.type === 'model' && (r.config['access'] ?? 'protected') === value;
  },
  version: (value, scene) => {
    if (isUnknown('version', value)) return noSuch(scene, 'version', value);
    return (r) => {
      if (r.type !== 'model') return false;
      if (r.version === null || r.latestVersion === null) return value === 'none' && r.version === null;
      const order = compareVersions(r.version, r.latestVersion);
      return value === 'latest' ? order === 0 : value === 'prerelease' ? order > 0 : value === 'old' && order < 0;
    };
  },
  test_type: (value, scene) => {
    if (isUnknown('test_type', value)) return noSuch(scene, 'test_type', value);
    return (r) => {
      if (value === 'unit') return typeOf(r) === 'unit_test';
      return r.type === 'test' && (value === 'data' || (r.generic === null) === (value === 'singular'));
    };
  },
  test_name: (value) => {
    const matches = matcher(value);
    return (r) => {
      if (typeOf(r) === 'unit_test') return matches(r.name);
      return r.type === 'test' && r.generic !== null && (matches(r.generic.test) || matches(r.generic.test.slice(r.generic.test.indexOf('.') + 1)));
    };
  },
  package: (value, scene) => {
    const matches = matcher(value === 'this' ? (scene.project ?? firstPackage(scene.graph)) : value);
    return (r) => matches(r.package);
  },
  state: (value, scene) => {
    const name = STATES.find((s) => s === value);
    if (name === undefined) return noSuch(scene, 'state', value);
    const { nodes, macros } = scene.previous ?? {};
    if (nodes === undefined) return missing(scene, 'state', 'an earlier manifest.json');
    return stateCheck(name satisfies StateName, nodes, macros);
  },
  result: (value, scene) => {
    const wanted = value.replaceAll(' ', '_');
    if (isUnknown('result', value)) return noSuch(scene, 'result', value);
    const results = scene.previous?.results;
    if (results === undefined) return missing(scene, 'result', 'an earlier run_results.json');
    return (r) => results.get(r.id)?.replaceAll(' ', '_') === wanted;
  },
  source_status: (value, scene) => {
    if (isUnknown('source_status', value)) return noSuch(scene, 'source_status', value);
    const freshness = scene.previous?.freshness;
    if (freshness === undefined) return missing(scene, 'source_status', 'an earlier and a newer sources.json');
    return (r) => r.type === 'source' && isFresher(r.id, freshness);
  },
  metric: () => () => false,
  semantic_model: () => () => false,
  saved_query: () => () => false,
};

/** The value at a path of keys of the configuration, its defaults among them. */
export function configOf(r: Resource, path: readonly string[]): unknown {
  let value: unknown = r.type === 'source' || r.type === 'exposure' ? r.config : fullConfig(r);
  for (const [i, key] of path.entries()) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const name = i === 0 ? canonicalKey(key) : key;
    value = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  }
  return value;
}

/** `name` or `package.name`, both patterns. */
function packaged(method: 'exposure' | 'unit_test'): Search {
  return (value, scene) => {
    const parts = split(value, 2, scene, `Write '${METHODS[method]}', or the package before it: '${METHODS[method].replace(':', ':shop.')}'.`);
    if (parts === undefined) return undefined;
    const [pkg, name] = (parts.length === 1 ? ['*', parts[0]!] : parts).map(matcher);
    return (r) => typeOf(r) === method && pkg!(r.package) && name!(r.name);
  };
}

function split(value: string, most: number, scene: Scene, help: string): readonly string[] | undefined {
  const parts = value.split('.');
  if (parts.length <= most) return parts;
  scene.problem('has too many parts', help);
  return undefined;
}

/** Values of the methods that know all of theirs; the second list is taken as well, and not offered. */
const VALUES: Readonly<Partial<Record<Method, readonly [offered: readonly string[], taken?: readonly string[]]>>> = {
  resource_type: [RESOURCE_TYPES, FOREIGN_TYPES],
  access: [['private', 'protected', 'public']],
  version: [['latest', 'prerelease', 'old', 'none']],
  test_type: [['generic', 'singular', 'data', 'unit'], ['schema']],
  state: [STATES],
  result: [STATUSES, STATUSES.map((s) => s.replaceAll('_', ' '))],
  source_status: [['fresher']],
};

function isUnknown(method: Method, value: string): boolean {
  return VALUES[method]?.every((values) => values?.includes(value) !== true) ?? false;
}

/** What is wrong with the value of a method that knows all of its values, and what to do. */
export function wrongValue(method: Method, value: string): { readonly problem: string; readonly help: string } | undefined {
  if (!isUnknown(method, value)) return undefined;
  const [known] = VALUES[method]!;
  return { problem: `has '${value}', which '${method}:' does not know`, help: didYouMean(value, known) ?? `It knows ${known.join(', ')}.` };
}

function noSuch(scene: Scene, method: Method, value: string): undefined {
  const { problem, help } = wrongValue(method, value)!;
  scene.problem(problem, help);
  return undefined;
}

const HELP_OF_STATE: Readonly<Partial<Record<Method, string>>> = {
  result: 'Run something first, or name the folder of an earlier run_results.json with --state.',
  state: 'Name the folder of an earlier manifest.json with --state. Every run writes one, and so does dwt parse.',
  source_status: 'Check the sources (dwt source freshness), and name the folder of an earlier sources.json with --state.',
};

function missing(scene: Scene, method: Method, what: string): undefined {
  scene.problem(`needs ${what} to compare with`, HELP_OF_STATE[method] ?? 'Name their folder with --state.');
  return undefined;
}

function firstPackage(graph: Graph): string {
  for (const r of graph.nodes.values()) return r.package;
  return '';
}

/** Numbers by size, before texts, which go by their letters. */
function compareVersions(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return a === b ? 0 : a < b ? -1 : 1;
}
