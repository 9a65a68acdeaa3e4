// Configuration by folder: `models: {shop: {staging: {+materialized: view}}}` of project.yml. In: a tree and the fqn of
// a resource. Out: what applies to it, merged from the outside in. Folders repeat, so each is worked out once.
import { canonicalKey, CONFIG_KEYS, FOREIGN_KEYS, mergeConfig } from '../project/config.ts';
import type { ResourceType } from '../project/resources.ts';
import { isMapping, type Mistake, type Path } from '../project/shape.ts';
import { nearest } from '../diagnostics/nearest.ts';

export type Tree = Readonly<Record<string, unknown>>;

/** A folder of the tree that was entered, with what applies to all in it. */
interface Folder {
  readonly level: Tree;
  readonly path: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inner: Map<string, Folder>;
}

export class ConfigTree {
  private readonly tree: Tree;
  private readonly root: Folder;
  /** Paths of folders that some resource lay under. */
  private readonly used = new Set<string>();

  constructor(tree: Tree) {
    this.tree = tree;
    this.root = { level: tree, path: '', config: ownConfig(tree), inner: new Map() };
  }

  /** Configuration for a resource with this fqn; its package may be left out of the tree. The same object for all that only their folder configures. */
  configFor(fqn: readonly string[]): Readonly<Record<string, unknown>> {
    const first = this.tree[fqn[0]!];
    return this.walk(fqn, isMapping(first) && !isMappingConfig(fqn[0]!, first) ? 0 : 1);
  }

  private walk(fqn: readonly string[], from: number): Readonly<Record<string, unknown>> {
    let folder = this.root;
    for (let i = from; i < fqn.length; i++) {
      const inner = this.enter(folder, fqn[i]!);
      if (inner === undefined) break;
      folder = inner;
    }
    return folder.config;
  }

  private enter(folder: Folder, segment: string): Folder | undefined {
    const known = folder.inner.get(segment);
    if (known !== undefined) return known;
    const level = Object.hasOwn(folder.level, segment) ? folder.level[segment] : undefined;
    if (!isMapping(level) || isMappingConfig(segment, level)) return undefined;
    const path = folder.path === '' ? segment : `${folder.path}.${segment}`;
    this.used.add(path);
    const inner: Folder = { level, path, config: mergeConfig(folder.config, ownConfig(level)), inner: new Map() };
    folder.inner.set(segment, inner);
    return inner;
  }

  /** Folders of the tree that nothing lies under, as paths. */
  unused(): readonly Path[] {
    const paths: Path[] = [];
    const visit = (level: Tree, path: readonly string[]): void => {
      for (const [k, v] of Object.entries(level)) {
        if (k.startsWith('+') || !isMapping(v) || isMappingConfig(k, v)) continue;
        const here = [...path, k];
        if (this.used.has(here.join('.'))) visit(v, here);
        else paths.push(here);
      }
    };
    visit(this.tree, []);
    return paths;
  }
}

/** The keys of configuration at one level: those with `+`, and known ones that are no folder. */
function ownConfig(level: Tree): Record<string, unknown> {
  const own: Record<string, unknown> = {};
  for (const [k, v] of Object.entries(level)) {
    if (k.startsWith('+')) own[canonicalKey(k)] = v;
    else if (isConfigKey(k) && (!isMapping(v) || isMappingConfig(k, v))) own[canonicalKey(k)] = v;
  }
  return own;
}

function isConfigKey(k: string): boolean {
  return Object.hasOwn(CONFIG_KEYS, canonicalKey(k)) || FOREIGN_KEYS.has(k);
}

/** `meta: {…}` without `+`: a key of configuration whose value happens to have keys, and none of them looks like a folder's. */
function isMappingConfig(k: string, v: Tree): boolean {
  if (k.startsWith('+')) return true;
  const rule = CONFIG_KEYS[canonicalKey(k)];
  return rule?.merge === 'merge' && !Object.keys(v).some((inner) => inner.startsWith('+'));
}

/** Every mistake in a tree: unknown keys, wrong types. */
export function checkTree(tree: Tree, type: ResourceType, at: Path, report: (m: Mistake, certain: boolean) => void): void {
  for (const [k, v] of Object.entries(tree)) {
    const path = [...at, k];
    if (k.startsWith('+') || (isConfigKey(k) && (!isMapping(v) || isMappingConfig(k, v)))) checkConfigKey(k, v, type, path, report);
    else if (isMapping(v)) checkTree(v, type, path, report);
    else if (v !== null) unknownKey(k, type, path, report);
  }
}

/** Mistakes of one key of configuration. `certain` is false where the key may be another engine's or a materialization's own. */
export function checkConfigKey(k: string, value: unknown, type: ResourceType, path: Path, report: (m: Mistake, certain: boolean) => void): void {
  const name = canonicalKey(k);
  const rule = Object.hasOwn(CONFIG_KEYS, name) ? CONFIG_KEYS[name] : undefined;
  if (rule === undefined) {
    if (!FOREIGN_KEYS.has(name)) unknownKey(k, type, path, report);
    return;
  }
  if (!rule.on.includes(type)) {
    report({ path, on: 'key', kind: 'unknown-key', message: `'${name}' configures ${plural(rule.on)}, not ${plural([type])}.` }, false);
    return;
  }
  if (value !== null) rule.shape.check(value, path, (m) => report(m, true));
}

function unknownKey(k: string, type: ResourceType, path: Path, report: (m: Mistake, certain: boolean) => void): void {
  const known = Object.keys(CONFIG_KEYS).filter((c) => CONFIG_KEYS[c]!.on.includes(type));
  const near = nearest(canonicalKey(k), [...known, 'pre_hook', 'post_hook']);
  report(
    {
      path,
      on: 'key',
      kind: 'unknown-key',
      message: `'${canonicalKey(k)}' is not a configuration of ${plural([type])}.`,
      help: near === undefined ? 'Put facts of your own under `meta`.' : `Did you mean '${near}'?`,
    },
    near !== undefined,
  );
}

function plural(types: readonly ResourceType[]): string {
  return types.map((t) => (t === 'analysis' ? 'analyses' : t === 'test' ? 'data tests' : `${t.replace('_', ' ')}s`)).join(', ');
}
