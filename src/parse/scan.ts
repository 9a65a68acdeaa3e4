// The files of a project: which there are, their sizes and times. A folder with a project file of its own is another
// project and is not entered. Order is by name, so the same tree reads the same everywhere.
import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
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

type Ignored = (path: string) => boolean;

/** What `.dwtignore` (or dbt's `.dbtignore`) leaves out, in the manner of .gitignore: names, `*`, `**`, folders with a slash at the end. */
function readIgnored(root: string): Ignored {
  const patterns = ['.dwtignore', '.dbtignore'].flatMap((file) => {
    if (!exists(join(root, file))) return [];
    return readFileSync(join(root, file), 'utf8')
      .split(/\r?\n/)
      .map((l) => l.trim())
      .filter((l) => l !== '' && !l.startsWith('#'))
      .map(toPattern);
  });
  return (path) => patterns.some((p) => p.test(path));
}

function toPattern(line: string): RegExp {
  const bare = line.replace(/\/+$/, '').replace(/^\//, '');
  const body = bare.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*\*\/?|\*|\?/g, (m) => (m.startsWith('**') ? '.*' : m === '*' ? '[^/]*' : '[^/]'));
  return new RegExp(`${bare.includes('/') ? '^' : '(^|/)'}${body}(/|$)`);
}

const PROJECT_FILES = ['project.yml', 'dbt_project.yml'];

/** Every file that belongs to the project. Folders that do not exist are skipped, as dbt does. */
export function scanFiles(root: string, paths: ProjectPaths): readonly FoundFile[] {
  const found = new Map<string, FoundFile>();
  const ignored = readIgnored(root);
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
      walk(root, base, ignored, (path) => {
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
        // Rows for unit tests, not tests.
        if (kind === 'test' && path.startsWith(`${base}/fixtures/`)) return;
        if (actual === undefined || found.has(path)) return;
        const stat = statSync(`${root}/${path}`);
        found.set(path, { path, kind: actual, base, size: stat.size, mtimeMs: stat.mtimeMs });
      });
    }
  }
  return [...found.values()];
}

function walk(root: string, folder: string, ignored: Ignored, visit: (path: string) => void): void {
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
    if (ignored(path)) continue;
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && isDirectory(join(root, path)));
    if (!isFolder) visit(path);
    else if (!PROJECT_FILES.some((p) => exists(join(root, path, p)))) walk(root, path, ignored, visit);
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
