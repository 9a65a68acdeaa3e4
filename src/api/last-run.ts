// What the last run of a project left behind, before the project itself is read.
import { resolve } from 'node:path';
import { readProjectFile } from '../parse/read-project.ts';
import { type EarlierRun, readRunResults } from '../artifacts/read-results.ts';
import { projectRoot } from './opened.ts';
import type { Host, ProjectOptions } from './options.ts';

/** Its results and arguments; undefined where there was none. Throws `Failure` where they cannot be read. */
export function lastRun(host: Host, o: ProjectOptions): EarlierRun | undefined {
  const root = projectRoot(host.cwd, o.projectDir);
  return readRunResults(resolve(root, o.targetPath ?? readProjectFile(root, () => {}).project['target-path'] ?? 'target'));
}
