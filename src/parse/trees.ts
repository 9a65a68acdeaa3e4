// The trees of project.yml that configure resources by folder, by the kind of resource.
import type { Tree } from '../project/config-shape.ts';
import type { Project } from '../project/project.ts';
import { ConfigTree } from './config-tree.ts';
import type { ProjectFile } from './project-file.ts';
import type { FileKind } from './scan.ts';
import type { Workshop } from './workshop.ts';

const TREES = {
  model: 'models',
  seed: 'seeds',
  snapshot: 'snapshots',
  test: 'data_tests',
  source: 'sources',
  analysis: 'analyses',
  exposure: 'exposures',
} as const;

/** All these keys, in any of their spellings. */
export const TREE_KEYS: readonly string[] = [...Object.values(TREES), 'tests', 'data-tests'];

/** Which tree configures what a file of this kind holds. */
export const KINDS: Readonly<Partial<Record<FileKind, keyof typeof TREES>>> = { model: 'model', snapshot: 'snapshot', test: 'test', analysis: 'analysis' };

/** The key of project.yml. */
export function treeKey(type: string): string {
  return TREES[type as keyof typeof TREES];
}

export function readTrees(project: ProjectFile): Workshop['trees'] {
  const trees = Object.entries(TREES).map(([type, key]) => {
    const tree: Tree = { ...(key === 'data_tests' ? project.tests : {}), ...project[key] };
    return [type, new ConfigTree(tree)] as const;
  });
  return Object.fromEntries(trees) as unknown as Workshop['trees'];
}

/** The trees as they are written; those of tests under either name. */
export function writtenTrees(raw: ProjectFile): Project['trees'] {
  return Object.fromEntries(Object.entries(TREES).map(([type, key]) => [type, { ...(key === 'data_tests' ? raw.tests : {}), ...raw[key] }]));
}
