// Configuration by folder: `models: {shop: {staging: {+materialized: view}}}` of project.yml. In: a tree and the fqn of
// a resource. Out: what applies to it, merged from the outside in. Folders repeat, so each is worked out once.
import { nearest } from '../diagnostics/nearest.ts';
import { canonicalKey, mergeConfig } from '../project/config.ts';
import { isConfigKey, isMappingConfig, type Tree } from '../project/config-shape.ts';
import { isMapping, type Path } from '../project/shape.ts';

/** A folder of the tree that was entered, with what applies to all in it. */
interface Folder {
  readonly level: Tree;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inner: Map<string, Folder>;
  /** Folders and names below it that resources have. */
  readonly names: Set<string>;
}

export class ConfigTree {
  private readonly tree: Tree;
  private readonly root: Folder;

  constructor(tree: Tree) {
    this.tree = tree;
    this.root = { level: tree, config: ownConfig(tree), inner: new Map(), names: new Set() };
  }

  /** Configuration for a resource with this fqn; its package may be left out of the tree. The same object for all that only their folder configures. */
  configFor(fqn: readonly string[]): Readonly<Record<string, unknown>> {
    const first = this.tree[fqn[0]!];
    this.root.names.add(fqn[0]!);
    return this.walk(fqn, isMapping(first) && !isMappingConfig(fqn[0]!, first) ? 0 : 1);
  }

  private walk(fqn: readonly string[], from: number): Readonly<Record<string, unknown>> {
    let folder = this.root;
    for (let i = from; i < fqn.length; i++) {
      folder.names.add(fqn[i]!);
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
    const inner: Folder = { level, config: mergeConfig(folder.config, ownConfig(level)), inner: new Map(), names: new Set() };
    folder.inner.set(segment, inner);
    return inner;
  }

  /** Folders of the tree that nothing lies under, as paths, with the name that may be meant. */
  unused(): readonly { readonly path: Path; readonly near: string | undefined }[] {
    const found: { path: Path; near: string | undefined }[] = [];
    const visit = (folder: Folder, path: readonly string[]): void => {
      for (const [k, v] of Object.entries(folder.level)) {
        if (k.startsWith('+') || !isMapping(v) || isMappingConfig(k, v)) continue;
        const inner = folder.inner.get(k);
        if (inner === undefined) found.push({ path: [...path, k], near: nearest(k, folder.names) });
        else visit(inner, [...path, k]);
      }
    };
    visit(this.root, []);
    return found;
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
