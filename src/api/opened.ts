// A project that has been read: the first steps of everything else.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Diagnostic, Failure } from '../diagnostics/diagnostic.ts';
import { refuseWarnings } from '../diagnostics/strict.ts';
import { declarationMistakes } from '../generate/parse-declaration.ts';
import { buildGraph, type Graph } from '../graph/graph.ts';
import { BrokenProject, type LoadedProject, type LoadOptions, loadProject } from '../parse/load.ts';
import type { YamlSelector } from '../graph/select-yaml.ts';
import type { ArtifactPlace } from '../artifacts/place.ts';
import type { Invocation } from '../artifacts/write-json.ts';
import { metadataEnv } from '../project/metadata-env.ts';
import type { Place } from './connect.ts';
import type { Host, ProjectOptions, RunFlagOptions } from './options.ts';
import { readYamlSelectors } from './selectors.ts';

/** @internal What the functions of this room share. */
export interface Opened {
  readonly loaded: LoadedProject;
  readonly graph: Graph;
  readonly selectors: readonly YamlSelector[];
  readonly host: Host;
  readonly options: ProjectOptions;
  readonly place: Place;
  readonly artifacts: ArtifactPlace;
  readonly warnings: readonly Diagnostic[];
  /** As templates saw it while the project was read. */
  readonly invocation: Invocation;
}

/** @internal A run of its own. */
export function newInvocation(host: Host): Invocation {
  return { id: host.newId(), startedAt: host.now(), env: metadataEnv(host.env) };
}

/** The folder of the project: the one named, or the nearest with a project file at or above the current one. */
export function projectRoot(cwd: string, named: string | undefined): string {
  if (named !== undefined) return resolve(cwd, named);
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'project.yml')) || existsSync(join(folder, 'dbt_project.yml'))) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}

/** @internal Reads the project and its graph. Throws `Failure` with every error found. */
export function open(host: Host, o: ProjectOptions, earlier?: LoadedProject): Opened {
  const root = projectRoot(host.cwd, o.projectDir);
  const invocation = newInvocation(host);
  const loaded = load({
    root,
    ...(o.target === undefined ? {} : { target: o.target }),
    ...(o.threads === undefined ? {} : { threads: o.threads }),
    ...(o.vars === undefined ? {} : { vars: o.vars }),
    ...(o.targetPath === undefined ? {} : { targetPath: o.targetPath }),
    env: host.env,
    invocationId: invocation.id,
    startedAt: invocation.startedAt,
    flags: templateFlags(o.flags ?? {}, o.flags?.which ?? '', o.warnError),
    version: host.version,
    ...(o.cache === undefined ? {} : { useCache: o.cache }),
    checkDeclaration: declarationMistakes,
    ...(earlier === undefined ? {} : { earlier }),
  });
  const { graph, diagnostics } = buildGraph(loaded.project, loaded.spanOf);
  const { selectors, diagnostics: ofSelectors } = readYamlSelectors(root, loaded.facts);
  const warnings = [...loaded.warnings, ...diagnostics, ...ofSelectors];
  if (warnings.some((d) => d.severity === 'error')) throw new Failure(warnings);
  refuseWarnings(o.warnError, warnings);
  const { project, adapter, targetPath } = loaded;
  return {
    loaded,
    graph,
    selectors,
    host,
    options: o,
    place: { root, adapter, target: project.target, host },
    artifacts: { root, targetPath, projectName: project.name },
    warnings,
    invocation,
  };
}

/** Reads the project; where its files have mistakes, those that its graph shows are told with them. */
function load(o: LoadOptions): LoadedProject {
  try {
    return loadProject(o);
  } catch (e) {
    if (!(e instanceof BrokenProject)) throw e;
    const { partial, diagnostics } = e;
    const known = new Set(diagnostics.map(placeKey));
    const more = buildGraph(partial.project, partial.spanOf, (name) => e.mayHold(name)).diagnostics.filter((d) => e.isCertain(d));
    const ofSelectors = readYamlSelectors(o.root, partial.facts).diagnostics;
    throw new Failure([...diagnostics, ...more.filter((d) => !known.has(placeKey(d))), ...ofSelectors]);
  }
}

function placeKey({ span }: Diagnostic): string {
  return `${span?.file}:${span?.line}:${span?.column}`;
}

/** `flags` of templates. */
export function templateFlags(o: RunFlagOptions, which: string, warnError?: boolean): Readonly<Record<string, unknown>> {
  return {
    FULL_REFRESH: o.fullRefresh === true,
    FAIL_FAST: o.failFast === true,
    STORE_FAILURES: o.storeFailures === true,
    EMPTY: o.empty === true,
    WHICH: which,
    WARN_ERROR: warnError === true,
  };
}
