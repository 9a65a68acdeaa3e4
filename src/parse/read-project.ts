// project.yml itself: found, read, checked, and its variables sorted by whom they are for.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Diagnostic, error, Failure, type Span, warning } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { readBytes } from '../files/read.ts';
import type { Vars } from '../project/project.ts';
import { isMapping, type Mistake, type Path } from '../project/shape.ts';
import { decodeUtf8, notUtf8 } from './encoding.ts';
import type { ProjectCache } from './project-cache.ts';
import { isProjectKey, normalKey, type ProjectFile, projectFileShape } from './project-file.ts';
import { prune, spoiltBy } from './prune.ts';
import { isIn, type Lines } from './yaml-repair.ts';
import { locate, placed, readYamlAsFarAsItGoes } from './yaml.ts';

const PROJECT_FILES = ['project.yml', 'dbt_project.yml'] as const;

export interface ReadProject {
  readonly file: string;
  /** What of it is sound, under the keys that are documented. */
  readonly project: ProjectFile;
  /** Keys at the top that are not as they were meant. */
  readonly broken: ReadonlySet<string>;
  /** Keys at the top of which something could not be read at all. */
  readonly lost: ReadonlySet<string>;
  /** What is wrong with targets, by the target's name: only the one in use matters. */
  readonly targets: ReadonlyMap<string, readonly Diagnostic[]>;
  /** A path of documented keys as the file spells it. */
  readonly spelled: (path: Path) => Path;
}

/** Keys without which nothing else can be read for certain. */
const NEEDED = new Set(['name', 'model-paths', 'seed-paths', 'snapshot-paths', 'test-paths', 'macro-paths', 'analysis-paths']);

/** The project file of a folder. Throws `Failure` with every mistake in it, where nothing more can be said of the project. */
export function readProjectFile(root: string, report: (d: Diagnostic) => void, cache?: ProjectCache): ReadProject {
  const file = PROJECT_FILES.find((f) => existsSync(join(root, f)));
  if (file === undefined && statSync(root, { throwIfNoEntry: false })?.isFile() === true)
    throw new Failure(error('parse/no-project', `${root} is a file, not the folder of a project.`, { help: 'Name its folder with --project-dir.' }));
  if (file === undefined)
    throw new Failure(
      error('parse/no-project', `There is no project.yml in ${root}.`, {
        help: "Go to a project's folder, name one with --project-dir, or make one:\n\nname: shop\ntarget: dev\ntargets:\n  dev: {type: duckdb, path: target/shop.duckdb}",
      }),
    );
  const bytes = readBytes(root, file);
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new Failure(notUtf8(bytes, file));
  let unreadable: readonly Diagnostic[] = [];
  let lostLines: readonly Lines[] = [];
  const read = (): { readonly data?: unknown; readonly sound: boolean } => {
    const { data, mistakes, lost: gone = [] } = readYamlAsFarAsItGoes(text, file);
    [unreadable, lostLines] = [mistakes, gone];
    return { data, sound: mistakes.length === 0 };
  };
  const data = cache === undefined ? read().data : cache.data(bytes, read);
  if (data === undefined) throw new Failure(unreadable);
  if (!isMapping(data))
    throw new Failure(error('parse/wrong-type', `${file} must hold keys with values, such as name and targets.`, { span: { file, line: 1, column: 1 } }));

  const written = new Map(Object.keys(data).map((k) => [normalKey(k), k]));
  const spelled = (path: Path): Path => (path.length === 0 ? path : [written.get(String(path[0])) ?? path[0]!, ...path.slice(1)]);
  const mistakes: Mistake[] = [];
  projectFileShape.check(data, [], (m) => mistakes.push(m));
  const lost = lostKeys(text, lostLines, unreadable);
  const broken = new Set([
    ...lost,
    ...mistakes.flatMap((m) => {
      const spoilt = spoiltBy(m);
      // What spoils the whole file is that it has no name, under whatever key that may stand.
      return spoilt === undefined ? [] : [spoilt.length === 0 ? 'name' : normalKey(String(m.path[0]))];
    }),
  ]);
  const targets = new Map<string, Diagnostic[]>();
  const found: Diagnostic[] = [...unreadable];
  for (const m of mistakes) {
    if (m.kind === 'missing-key' && m.path.length > 0 && lost.has(normalKey(String(m.path[0])))) continue;
    const diagnostic = placed(m, locate(text, file, m.path, m.on));
    const name = m.path.length > 2 || (m.path.length === 2 && m.kind === 'missing-key') ? m.path[1] : undefined;
    if (m.path[0] === 'targets' && name !== undefined) targets.set(String(name), [...(targets.get(String(name)) ?? []), diagnostic]);
    else found.push(diagnostic);
  }
  const meant = new Map([...broken].flatMap((k) => (NEEDED.has(k) ? [[k, meantBy(k, data[written.get(k) ?? k])] as const] : [])));
  if ([...meant.values()].includes(undefined)) throw new Failure([...found, ...[...targets.values()].flat()]);
  for (const d of found) report(d);
  // Targets stay as they are: the one in use is looked at by itself.
  const { targets: all, ...rest } = data;
  const sound = { ...(prune(projectFileShape, rest) as Readonly<Record<string, unknown>>), ...Object.fromEntries(meant) };
  const named = { ...sound, ...(isMapping(all) ? { targets: all } : {}) };
  const project = Object.fromEntries(
    Object.entries(named).flatMap(([k, v]) => (isProjectKey(normalKey(k)) ? [[normalKey(k), v]] : [])),
  ) as unknown as ProjectFile;
  return { file, project, broken, lost, targets, spelled };
}

/** What a value of a wrong form was meant to be, so that the rest can be read by it. */
function meantBy(key: string, value: unknown): unknown {
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  return key === 'name' ? value : [value];
}

/** Keys at the top within which a line was left out, or stands twice. */
function lostKeys(text: string, lost: readonly Lines[], unreadable: readonly Diagnostic[]): ReadonlySet<string> {
  const keys = new Set<string>();
  const wrong = new Set(unreadable.map((d) => d.span?.line));
  let key: string | undefined;
  for (const [i, line] of text.split('\n').entries()) {
    key = /^["']?([\w-]+)["']?\s*:/.exec(line)?.[1] ?? key;
    if (!wrong.has(i + 1) && !lost.some((l) => isIn(l, i + 1))) continue;
    if (key !== undefined) keys.add(normalKey(key));
    // What is indented too far below a key may have been meant to stand beside it.
    const named = /^\s+["']?([\w-]+)["']?\s*:/.exec(line)?.[1];
    if (wrong.has(i + 1) && named !== undefined && isProjectKey(normalKey(named))) keys.add(normalKey(named));
  }
  return keys;
}

/** Variables of the file and of the command line, apart. */
export function readVars(
  project: ProjectFile,
  cli: Readonly<Record<string, unknown>>,
  at: (path: Path, on: 'key' | 'value') => Span,
  report: (d: Diagnostic) => void,
): Vars {
  const global: Record<string, unknown> = {};
  const byPackage: Record<string, Readonly<Record<string, unknown>>> = {};
  for (const [k, v] of Object.entries(project.vars ?? {})) {
    if (isMapping(v) && k === project.name) byPackage[k] = v;
    else global[k] = v;
    if (isMapping(v) && nearest(k, [project.name]) !== undefined)
      report(
        warning('parse/bad-config', `'${k}' is taken for a variable, since it is not the name of the project.`, {
          span: at(['vars', k], 'key'),
          help: `Did you mean '${project.name}'?`,
        }),
      );
  }
  return { cli, global, byPackage };
}
