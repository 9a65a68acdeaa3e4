// The files of a project: which there are, their sizes and times. A folder with a project file of its own is another
// project and is not entered. Order is by name, so the same tree reads the same everywhere.
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectPaths } from './project-file.ts';

export type FileKind = 'model' | 'analysis' | 'snapshot' | 'seed' | 'test' | 'macro' | 'properties' | 'docs' | 'python';

export interface FoundFile {
  /** Relative to the project's root, with `/`. */
  readonly path: string;
  readonly kind: FileKind;
  /** The configured folder it lies under. */
  readonly base: string;
  readonly size: number;
  readonly mtimeMs: number;
}

const PROJECT_FILES = ['project.yml', 'dbt_project.yml'];

/** Every file that belongs to the project. Folders that do not exist are skipped, as dbt does. */
export function scanFiles(root: string, paths: ProjectPaths): readonly FoundFile[] {
  const found = new Map<string, FoundFile>();
  const kinds: readonly (readonly [keyof ProjectPaths, FileKind, RegExp])[] = [
    ['models', 'model', /\.sql$/],
    ['snapshots', 'snapshot', /\.sql$/],
    ['seeds', 'seed', /\.csv(\.gz)?$/],
    ['macros', 'macro', /\.sql$/],
    ['tests', 'test', /\.sql$/],
    ['analyses', 'analysis', /\.sql$/],
  ];
  for (const [key, kind, pattern] of kinds) {
    for (const folder of paths[key]) {
      const base = folder.replace(/^\.\//, '').replace(/\/+$/, '');
      walk(root, base, (path) => {
        const actual: FileKind | undefined = pattern.test(path)
          ? kind === 'test' && path.startsWith(`${base}/generic/`)
            ? 'macro'
            : kind
          : /\.ya?ml$/.test(path) && !(kind === 'seed' && /(^|\/)generate\.ya?ml$/.test(path))
            ? 'properties'
            : kind === 'model' && path.endsWith('.py')
              ? 'python'
              : path.endsWith('.md')
                ? 'docs'
                : undefined;
        if (actual === undefined || found.has(path)) return;
        const stat = statSync(join(root, path));
        found.set(path, { path, kind: actual, base, size: stat.size, mtimeMs: stat.mtimeMs });
      });
    }
  }
  return [...found.values()];
}

function walk(root: string, folder: string, visit: (path: string) => void): void {
  let entries: Dirent[];
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = folder === '' || folder === '.' ? entry.name : `${folder}/${entry.name}`;
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && isDirectory(join(root, path)));
    if (!isFolder) visit(path);
    else if (!PROJECT_FILES.some((p) => exists(join(root, path, p)))) walk(root, path, visit);
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
