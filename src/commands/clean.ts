// clean: removes the folders that a project says are made (`clean-targets`). Never a source folder,
// never outside the project, and never the warehouse itself: what snapshots recorded cannot be made again.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
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
  const kept = new Set(loaded.adapter.files?.(project.target.settings, project.root) ?? []);
  for (const target of project.cleanTargets) {
    const path = resolve(project.root, target);
    if (!existsSync(path)) continue;
    const left = remove(path, kept);
    if (io.output.quiet) continue;
    io.output.out(`removed ${target}${left.length === 0 ? '' : `, kept ${left.map((f) => relative(project.root, f)).join(', ')} (the warehouse)`}\n`);
  }
  return 0;
}

/** Removes a file or folder but for the files to keep; returns those it found. */
function remove(path: string, kept: ReadonlySet<string>): readonly string[] {
  if (kept.has(path)) return [path];
  if (!statSync(path).isDirectory() || ![...kept].some((k) => k.startsWith(path))) {
    rmSync(path, { recursive: true });
    return [];
  }
  return readdirSync(path).flatMap((name) => remove(join(path, name), kept));
}
