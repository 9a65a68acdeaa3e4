// Removes the folders that a project says are made (`clean-targets`). Never a source folder, never outside the project,
// and never the warehouse itself: what snapshots recorded cannot be made again.
import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findAdapter } from '../adapters/index.ts';
import { error, fail, Failure } from '../diagnostics/diagnostic.ts';
import { isRefusal, reasonOf } from '../files/refusal.ts';
import type { Opened } from './opened.ts';
import { isInside, shownFrom } from './paths.ts';

/** Files beside the folders of sources that a project is made of. */
const FILES = ['project.yml', 'dbt_project.yml', 'selectors.yml', 'packages.yml', 'dependencies.yml', 'profiles.yml'];

/** A folder that was removed, and what was kept of it, relative to the project. */
export interface Removed {
  readonly path: string;
  readonly kept: readonly string[];
}

/** @internal Removes them. Throws `Failure`, before anything is touched, where one must not go. */
export function clean(opened: Opened): readonly Removed[] {
  const { project, adapter } = opened.loaded;
  const folders = project.folders.map((f) => resolve(project.root, f)).filter((f) => f !== project.root);
  const files = [...project.resources.values(), ...project.disabled.values(), ...project.macros].map((r) => resolve(project.root, r.file));
  files.push(...FILES.map((f) => join(project.root, f)));
  for (const target of project.cleanTargets) {
    const path = resolve(project.root, target);
    const inside = shownFrom(project.root, path);
    if (inside === '' || !isInside(project.root, path))
      fail('cli/usage', `clean-targets names '${target}', which is not inside the project, so nothing was removed.`, {
        help: 'Remove it by hand if it is meant.',
      });
    if ([...folders, ...files].some((f) => isInside(path, f)) || folders.some((f) => isInside(f, path)))
      fail('cli/usage', `clean-targets names '${target}', which holds sources of the project, so nothing was removed.`, {
        help: 'Take it out of clean-targets.',
      });
  }
  // The files of other targets are as dear as those of this one.
  const others = project.otherTargets.flatMap((settings) => findAdapter(String(settings['type']))?.files?.(settings, project.root) ?? []);
  const keep = new Set([...(adapter.files?.(project.target.settings, project.root) ?? []), ...others]);
  return project.cleanTargets.flatMap((target) => {
    const path = resolve(project.root, target);
    if (!existsSync(path)) return [];
    try {
      return [{ path: target, kept: remove(path, keep).map((f) => shownFrom(project.root, f)) }];
    } catch (e) {
      throw isRefusal(e) ? new Failure(error('files/not-written', `${target} could not be removed: ${reasonOf(e)}.`)) : e;
    }
  });
}

/** Removes a file or folder but for the files to keep; returns those it found. */
function remove(path: string, keep: ReadonlySet<string>): readonly string[] {
  if (keep.has(path)) return [path];
  if (!lstatSync(path).isDirectory() || ![...keep].some((k) => isInside(path, k))) {
    rmSync(path, { recursive: true });
    return [];
  }
  return readdirSync(path).flatMap((name) => remove(join(path, name), keep));
}
