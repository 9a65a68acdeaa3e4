// The files of a project: which there are, their sizes and times. A folder with a project file of its own is another
// project and is not entered. Order is by name, so the same tree reads the same everywhere. What is no file that could be read,
// such as a link that leads nowhere, is told and left out.
import { type Dirent, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { isRefusal, unreadable } from '../files/refusal.ts';
import type { ProjectPaths } from './project-file.ts';

export type FileKind = 'model' | 'analysis' | 'snapshot' | 'seed' | 'test' | 'macro' | 'properties' | 'docs' | 'python' | 'declaration';

export interface FoundFile {
  /** Relative to the project's root, with `/`. */
  readonly path: string;
  readonly kind: FileKind;
  /** The configured folder it lies under. */
  readonly base: string;
  readonly size: number;
  /** When it was last written, and when it was last changed in any way (named, put there). */
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

type Ignored = (path: string) => boolean;

/** What `.dwtignore` (or dbt's `.dbtignore`) leaves out, in the manner of .gitignore: names, `*`, `**`, folders with a slash at the end. */
function readIgnored(root: string): Ignored {
  const patterns = ['.dwtignore', '.dbtignore'].flatMap((file) => {
    if (!isFile(join(root, file))) return [];
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
export function scanFiles(root: string, paths: ProjectPaths, report: (d: Diagnostic) => void): readonly FoundFile[] {
  const found = new Map<string, FoundFile>();
  const leftOut = new Set<string>();
  const leaveOut = (d: Diagnostic): void => {
    if (!leftOut.has(d.message)) report(d);
    leftOut.add(d.message);
  };
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
      walk({ root, ignored, report: leaveOut }, base, [], (path) => {
        const actual: FileKind | undefined = pattern.test(path)
          ? kind === 'test' && path.startsWith(`${base}/generic/`)
            ? 'macro'
            : kind
          : /\.ya?ml$/.test(path)
            ? kind === 'seed' && /(^|\/)generate\.ya?ml$/.test(path)
              ? 'declaration'
              : 'properties'
            : kind === 'model' && path.endsWith('.py')
              ? 'python'
              : path.endsWith('.md')
                ? 'docs'
                : undefined;
        // Rows for unit tests, not tests.
        if (kind === 'test' && path.startsWith(`${base}/fixtures/`)) return;
        if (actual === undefined || found.has(path)) return;
        const stat = statFile(root, path, leaveOut);
        if (stat === undefined) return;
        found.set(path, { path, kind: actual, base, size: stat.size, mtimeMs: stat.mtimeMs, ctimeMs: stat.ctimeMs });
      });
    }
  }
  return [...found.values()];
}

/** Size and time of a file, or undefined where there is nothing to be read; that is told. */
function statFile(root: string, path: string, report: (d: Diagnostic) => void): Stats | undefined {
  try {
    const stat = statSync(`${root}/${path}`);
    if (stat.isFile()) return stat;
    report(warning('files/not-read', `${path} is not read: it is no file${stat.isFIFO() ? ' but a pipe' : stat.isSocket() ? ' but a socket' : ''}.`));
  } catch (e) {
    if (!isRefusal(e)) throw e;
    const to = e.code === 'ENOENT' ? targetOf(`${root}/${path}`) : undefined;
    report(
      to === undefined
        ? unreadable(path, e, 'warning')
        : warning('files/not-read', `${path} is not read: it is a link to ${to}, which is not there.`, { help: 'Remove the link, or point it to a file.' }),
    );
  }
  return undefined;
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}

interface Walk {
  readonly root: string;
  readonly ignored: Ignored;
  readonly report: (d: Diagnostic) => void;
}

/** `above`: the true paths of the folders on the way, so that a link back to one of them is not followed for ever. */
function walk(w: Walk, folder: string, above: readonly string[], visit: (path: string) => void): void {
  let entries: Dirent[];
  let real: string;
  try {
    const last = above.at(-1);
    real = last === undefined || isLink(join(w.root, folder)) ? realpathSync(join(w.root, folder)) : join(last, basename(folder));
    entries = readdirSync(join(w.root, folder), { withFileTypes: true });
  } catch (e) {
    if (!isRefusal(e)) throw e;
    if (e.code !== 'ENOENT' && e.code !== 'ENOTDIR') w.report(unreadable(folder, e, 'warning'));
    return;
  }
  if (above.includes(real)) {
    w.report(warning('files/not-read', `${folder} is not read: it is a link back to a folder that it lies in.`, { help: 'Remove the link.' }));
    return;
  }
  const way = [...above, real];
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = folder === '' || folder === '.' ? entry.name : `${folder}/${entry.name}`;
    if (w.ignored(path)) continue;
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && kindOf(join(w.root, path))?.isDirectory() === true);
    if (!isFolder) visit(path);
    else if (!PROJECT_FILES.some((p) => kindOf(join(w.root, path, p)) !== undefined)) walk(w, path, way, visit);
  }
}

function isLink(path: string): boolean {
  return lstatSync(path).isSymbolicLink();
}

function isFile(path: string): boolean {
  return kindOf(path)?.isFile() === true;
}

/** What stands at a path; undefined where nothing does, or nothing that could be looked at. */
function kindOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
