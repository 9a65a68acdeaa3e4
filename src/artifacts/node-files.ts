// Files of single nodes: their compiled SQL, and the statements that ran for them.
import { join } from 'node:path';
import type { NodeResult } from '../execute/events.ts';
import type { Resource } from '../project/resources.ts';
import type { FileWriter } from './file-writer.ts';
import { type ArtifactPlace, compiledFile } from './place.ts';

/** Writes a node's compiled SQL and what ran for it. */
export function writeNodeFiles(place: ArtifactPlace, writer: FileWriter, r: NodeResult): void {
  if (r.compiled !== null) writeCompiled(place, writer, r.resource, r.compiled.sql);
  // Of a data test that passed nobody looks at the statement.
  if (r.executed.length === 0 || (r.resource.type === 'test' && r.status === 'pass')) return;
  const path = compiledFile(place, r.resource, 'run');
  if (path !== null) writer.write(join(place.root, path), `${r.executed.join(';\n\n')};\n`);
}

export function writeCompiled(place: ArtifactPlace, writer: FileWriter, r: Resource, sql: string): void {
  const path = compiledFile(place, r);
  if (path !== null) writer.write(join(place.root, path), `${sql}\n`);
}
