// Folders that project.yml names: one that does not exist is more often a slip than a wish.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Diagnostic, type Span, warning } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import type { Path } from '../project/shape.ts';
import type { ProjectFile } from './project-file.ts';

const KEYS = ['model-paths', 'seed-paths', 'snapshot-paths', 'test-paths', 'macro-paths', 'analysis-paths'] as const;

/** Names that a project begins with, listed before there is anything in them. */
const USUAL = ['models', 'seeds', 'data', 'snapshots', 'tests', 'macros', 'analyses', 'analysis'];

/** Reports them. Those with the usual names need not exist, named or not. */
export function checkPaths(root: string, project: ProjectFile, at: (path: Path, on?: 'key' | 'value') => Span, report: (d: Diagnostic) => void): void {
  for (const key of KEYS) {
    project[key]?.forEach((path, i) => {
      if (isFolder(join(root, path))) return;
      const upright = path.replaceAll('\\', '/');
      const inside = upright.split('/').slice(0, -1).join('/');
      const near = didYouMean(
        upright,
        folders(join(root, inside)).map((name) => (inside === '' ? name : `${inside}/${name}`)),
      );
      const help = path.startsWith('/')
        ? 'Folders are named from the project on.'
        : upright !== path && isFolder(join(root, upright))
          ? `Write it with /: '${upright}'.`
          : near;
      if (help === undefined && USUAL.includes(path)) return;
      report(warning('parse/missing-folder', `There is no folder '${path}'.`, { span: at([key, i]), ...(help === undefined ? {} : { help }) }));
    });
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function folders(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((e) => (e.isDirectory() && !e.name.startsWith('.') ? [e.name] : []));
  } catch {
    return [];
  }
}
