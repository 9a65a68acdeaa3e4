// clean: removes the folders that a project says are made (`clean-targets`). Never a source folder, never outside the project.
import { existsSync, rmSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { error, Failure } from '../diagnostics/diagnostic.ts';
import type { CommonOptions, ExitCode, Io } from './io.ts';
import { openProject } from './open.ts';

export function cleanCommand(io: Io, o: CommonOptions): ExitCode {
  const { loaded } = openProject(io, o, 'clean');
  const { project } = loaded;
  const sources = new Set([...project.resources.values()].map((r) => r.file.split('/')[0]!));
  for (const target of project.cleanTargets) {
    const path = resolve(project.root, target);
    const inside = relative(project.root, path);
    if (inside === '' || inside.startsWith('..'))
      throw new Failure(
        error('cli/usage', `clean-targets names '${target}', which is not inside the project, so nothing was removed.`, {
          help: 'Remove it by hand if it is meant.',
        }),
      );
    if (sources.has(inside.split(/[\\/]/)[0]!))
      throw new Failure(
        error('cli/usage', `clean-targets names '${target}', which holds sources of the project, so nothing was removed.`, {
          help: 'Take it out of clean-targets.',
        }),
      );
  }
  for (const target of project.cleanTargets) {
    const path = resolve(project.root, target);
    if (!existsSync(path)) continue;
    rmSync(path, { recursive: true });
    if (!io.output.quiet) io.output.out(`removed ${target}\n`);
  }
  return 0;
}
