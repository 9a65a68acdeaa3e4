// The first steps of every command: read the project, build its graph, say what is wrong, choose nodes, connect.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Warehouse, ConnectionFailure } from '../adapters/adapter.ts';
import { type Diagnostic, Failure, error } from '../diagnostics/diagnostic.ts';
import { buildGraph, type Graph } from '../graph/graph.ts';
import { select } from '../graph/select.ts';
import { type LoadedProject, loadProject } from '../parse/load.ts';
import type { ResourceType } from '../project/resources.ts';
import { locate, placeResolver, readYaml } from '../parse/yaml.ts';
import { isMapping } from '../project/shape.ts';
import type { YamlSelector } from '../graph/select-yaml.ts';
import { readRunResults } from '../report/artifacts.ts';
import { diagnosticJson } from '../report/json-lines.ts';
import { printDiagnostic } from '../report/diagnostics.ts';
import type { CommonOptions, Io } from './io.ts';

export interface Opened {
  readonly loaded: LoadedProject;
  readonly graph: Graph;
  readonly invocationId: string;
  readonly startedAt: Date;
}

/** The folder of the project: the one named, or the nearest with a project file at or above the current one. */
export function projectRoot(cwd: string, named: string | undefined): string {
  if (named !== undefined) return resolve(cwd, named);
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'project.yml')) || existsSync(join(folder, 'dbt_project.yml'))) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}

/** Reads the project and its graph. Warnings are printed, errors thrown together. */
export function openProject(io: Io, o: CommonOptions, which: string): Opened {
  const root = projectRoot(io.cwd, o.projectDir);
  const startedAt = io.now();
  const invocationId = io.newId();
  const loaded = loadProject({
    root,
    ...(o.target === undefined ? {} : { target: o.target }),
    ...(o.threads === undefined ? {} : { threads: o.threads }),
    ...(o.vars === undefined ? {} : { vars: o.vars }),
    ...(o.targetPath === undefined ? {} : { targetPath: o.targetPath }),
    env: io.env,
    invocationId,
    startedAt,
    flags: {
      FULL_REFRESH: o.fullRefresh === true,
      FAIL_FAST: o.failFast === true,
      STORE_FAILURES: o.storeFailures === true,
      EMPTY: o.empty === true,
      WHICH: which,
    },
    version: io.version,
    ...(o.cache === undefined ? {} : { useCache: o.cache }),
  });
  const { graph, diagnostics } = buildGraph(loaded.project, loaded.spanOf);
  const all = [...loaded.warnings, ...diagnostics];
  if (diagnostics.some((d) => d.severity === 'error')) throw new Failure(all);
  printDiagnostics(io, all, root);
  return { loaded, graph, invocationId, startedAt };
}

/** Prints diagnostics to standard error, in the format asked for. */
export function printDiagnostics(io: Io, diagnostics: readonly Diagnostic[], root: string): void {
  const { output } = io;
  const read = sourceReader(root);
  const shown = output.quiet ? diagnostics.filter((d) => d.severity === 'error') : diagnostics;
  for (const d of shown) output.err(output.format === 'json' ? `${diagnosticJson(d)}\n` : `${printDiagnostic(d, read, output.errColors)}\n\n`);
}

/** Texts of project files for code frames; undefined where there is none. */
export function sourceReader(root: string): (file: string) => string | undefined {
  const resolver = new Map<string, string | undefined>();
  return (file) => {
    if (!resolver.has(file)) resolver.set(file, readOrUndefined(join(root, file)));
    return resolver.get(file);
  };
}

function readOrUndefined(path: string): string | undefined {
  try {
    return statSync(path).size > 20_000_000 ? undefined : readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** The nodes a command works on. Warnings (nothing matched) are printed, errors thrown. */
export function chooseNodes(io: Io, opened: Opened, o: CommonOptions, types: readonly ResourceType[]): ReadonlySet<string> {
  const { project } = opened.loaded;
  const { ids, diagnostics } = select(opened.graph, {
    types,
    project: project.name,
    selectors: readYamlSelectors(project.root),
    previous:
      o.selector !== undefined || [...(o.select ?? []), ...(o.exclude ?? [])].some((t) => t.includes('result:'))
        ? earlierResults(resolve(io.cwd, o.state ?? opened.loaded.targetPath))
        : {},
    ...(o.select === undefined ? {} : { select: o.select }),
    ...(o.exclude === undefined ? {} : { exclude: o.exclude }),
    ...(o.selector === undefined ? {} : { selector: o.selector }),
    ...(o.indirectSelection === undefined ? {} : { indirect: o.indirectSelection }),
  });
  if (diagnostics.some((d) => d.severity === 'error')) throw new Failure(diagnostics);
  printDiagnostics(io, diagnostics, opened.loaded.project.root);
  return ids;
}

/** Statuses of an earlier run, for `result:`. */
function earlierResults(folder: string): { results?: ReadonlyMap<string, string> } {
  const earlier = readRunResults(folder);
  return earlier === undefined ? {} : { results: new Map(earlier.results.map((r) => [r.unique_id, r.status])) };
}

/** The selectors of `selectors.yml`, where there is one. Throws `Failure` where it is no YAML. */
function readYamlSelectors(root: string): readonly YamlSelector[] {
  const text = readOrUndefined(join(root, 'selectors.yml'));
  if (text === undefined) return [];
  const read = readYaml(text, 'selectors.yml');
  if ('mistakes' in read) throw new Failure(read.mistakes);
  const list = isMapping(read.data) ? read.data['selectors'] : undefined;
  if (!Array.isArray(list)) return [];
  return list.map((entry: unknown, i): YamlSelector => {
    const own = isMapping(entry) ? entry : {};
    const span = locate(text, 'selectors.yml', ['selectors', i, 'name'], 'value');
    if (typeof own['name'] !== 'string') throw new Failure(error('parse/missing-key', "A selector lacks 'name'.", { span, help: 'Add a line "name: …".' }));
    return {
      name: own['name'],
      definition: own['definition'],
      span,
      ...(own['default'] === true ? { default: true } : {}),
      ...(typeof own['description'] === 'string' ? { description: own['description'] } : {}),
    };
  });
}

/** Opens the warehouse; a failure names the target and its place in the project file. */
export async function connect(io: Io, opened: Opened, o: { readonly threads: number; readonly readOnly?: boolean }): Promise<Warehouse> {
  const { adapter, project } = opened.loaded;
  try {
    return await adapter.connect(project.target.settings, {
      root: project.root,
      cwd: io.cwd,
      threads: o.threads,
      signal: io.signal,
      ...(o.readOnly === undefined ? {} : { readOnly: o.readOnly }),
    });
  } catch (e) {
    if (!(e instanceof ConnectionFailure)) throw e;
    const file = existsSync(join(project.root, 'project.yml')) ? 'project.yml' : 'dbt_project.yml';
    const span = placeResolver(project.root)({ yaml: file, path: ['targets', project.target.name], on: 'key' });
    throw new Failure(error('execute/connection', e.message, { span, ...(e.help === undefined ? {} : { help: e.help }) }));
  }
}
