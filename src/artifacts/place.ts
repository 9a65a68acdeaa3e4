// Where the files of a project's target folder are.
import { join, relative } from 'node:path';
import type { Resource } from '../project/resources.ts';

export interface ArtifactPlace {
  readonly root: string;
  /** Absolute path of the target folder. */
  readonly targetPath: string;
  readonly projectName: string;
}

/** Where a node's compiled SQL is written, relative to the project's folder. What is one of several in its file (a data test of YAML, a snapshot) has a file in a folder named after that. */
export function compiledFile(place: ArtifactPlace, r: Resource, kind: 'compiled' | 'run' = 'compiled'): string | null {
  if (r.type === 'seed' || r.type === 'source' || r.type === 'operation' || r.type === 'exposure') return null;
  // An alias may hold what leads to another folder.
  const name = (r.type === 'test' ? r.relation.identifier : r.alias).replaceAll(/[/\\]|^\.+$/g, '_');
  const inFile = r.file.endsWith('.sql') && r.type !== 'snapshot' ? r.file : `${r.file}/${name}.sql`;
  return relative(place.root, join(place.targetPath, kind, place.projectName, inFile)).replaceAll('\\', '/');
}
