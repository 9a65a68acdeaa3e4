// Step 1 of the house: a folder becomes a Project. Every file is read (or remembered), every mistake collected; only
// then does it stop. Out: the project, the facts templates see, and a way from places to spans.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Adapter } from '../adapters/adapter.ts';
import { anyAdapter } from '../adapters/index.ts';
import type { Facts } from '../context/context.ts';
import { MacroRegistry } from '../context/macros.ts';
import { type Diagnostic, Failure, type Span, warning } from '../diagnostics/diagnostic.ts';
import { isRefusal, unreadable } from '../files/refusal.ts';
import { type DescribedEntry, type Project, PYTHON_HELP, type Target, type Vars } from '../project/project.ts';
import { label, type Place } from '../project/resources.ts';
import { isMapping } from '../project/shape.ts';
import { type Path } from '../project/shape.ts';
import type { SqlFiles } from './piece.ts';
import { dedupe, indexResources, reportLeftovers } from './index-resources.ts';
import { readProjectFile, readVars } from './read-project.ts';
import { readProperties } from './read-properties.ts';
import { renderProject } from './render-project.ts';
import { chooseOrStandIn } from './stand-in.ts';
import { Unread } from './unread.ts';
import { type CheckDeclaration, ParseCache } from './cache.ts';
import { checkEntries } from './check-entries.ts';
import { checkPaths } from './check-paths.ts';
import { checkPackages } from './packages.ts';
import { jsonText } from '../project/float.ts';
import { unusedOverrides } from './unused-overrides.ts';
import { metadataEnv } from '../project/metadata-env.ts';
import { checkVersion } from './check-version.ts';
import { checkTreeMaterializations } from './check-materialization.ts';
import type { Described, Patch } from './patches.ts';
import { indexDocs, indexMacros } from './index-macros.ts';
import { buildResources, moveMisplaced } from './build-resources.ts';
import { KINDS, readTrees, TREE_KEYS, treeKey, writtenTrees } from './trees.ts';
import { ProjectCache } from './project-cache.ts';
import { pathsOf, type ProjectFile } from './project-file.ts';
import { Purity } from './purity.ts';
import { checkHistoryPlaces, historySources, readHistory } from './history.ts';
import { scanFiles } from './scan.ts';
import { describe, fqnOf, stem, type Workshop } from './workshop.ts';
import { placeResolver } from './yaml.ts';

export interface LoadOptions {
  /** Absolute path of the project's folder. */
  readonly root: string;
  readonly target?: string;
  readonly threads?: number;
  readonly vars?: Readonly<Record<string, unknown>>;
  /** Where the parse cache and compiled SQL go; relative to the project. */
  readonly targetPath?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly invocationId: string;
  readonly startedAt: Date;
  readonly flags?: Readonly<Record<string, unknown>>;
  /** Version of dwt: a cache of another is not read. */
  readonly version: string;
  readonly useCache?: boolean;
  /** Says what is wrong with a declaration of sample data among the seeds. */
  readonly checkDeclaration?: CheckDeclaration;
  /** The project as it was: what has not changed since is not read again, and nothing is written to the disk. */
  readonly earlier?: LoadedProject;
}

export interface LoadedProject {
  readonly project: Project;
  readonly adapter: Adapter;
  readonly facts: Facts;
  /** Absolute path for compiled SQL and artifacts. */
  readonly targetPath: string;
  readonly warnings: readonly Diagnostic[];
  readonly spanOf: (place: Place) => Span;
  /** Text of a file of the project. */
  readonly readText: (file: string) => string;
  readonly cache: ParseCache;
}

/** A project with mistakes in its files, as far as it could be read: the graph may show more of them. */
export class BrokenProject extends Failure {
  readonly partial: LoadedProject;
  private readonly known: Known;

  constructor(diagnostics: readonly Diagnostic[], partial: LoadedProject, known: Known) {
    super(diagnostics);
    this.partial = partial;
    this.known = known;
  }

  /** Whether there may be something of that name in what could not be read. */
  mayHold(name: string): boolean {
    return this.known.unread.mayHold(name);
  }

  /** Whether a mistake found in the rest stands by itself. */
  isCertain(d: Diagnostic): boolean {
    return isCertain(d, this.known);
  }
}

/** Reads a project. Throws `Failure` with every error found. */
export function loadProject(o: LoadOptions): LoadedProject {
  const found: Diagnostic[] = [];
  const report = (d: Diagnostic): void => void found.push(d);
  const cacheFolder = resolve(o.root, o.targetPath ?? 'target', '.dwt');
  const projectCache = o.useCache === false ? undefined : new ProjectCache(join(cacheFolder, 'project.json'), o.version);
  const resolvePlace = placeResolver(o.root);
  const readText = textReader(o.root);
  const { file: projectPath, project: raw, broken, lost, targets, spelled } = readProjectFile(o.root, report, projectCache);
  const spanOf = (place: Place): Span => resolvePlace('span' in place || place.yaml !== projectPath ? place : { ...place, path: spelled(place.path) });
  const env = (name: string): string | undefined => (Object.hasOwn(o.env, name) ? o.env[name] : undefined);
  const at = (path: Path, on: 'key' | 'value' = 'value'): Span => spanOf({ yaml: projectPath, path, on });
  const vars = readVars(raw, o.vars ?? {}, at, report);
  const early = factsOf(raw, vars, placeholderTarget(), anyAdapter, new MacroRegistry([], raw.name, anyAdapter.type, [], readText), {}, env, o, report);
  const { target, adapter, certain } = chooseOrStandIn(raw, targets, { broken, lost }, o, { ...early, secrets: true }, at, report);
  const targetPath = o.targetPath ?? raw['target-path'] ?? 'target';
  const known = factsOf(raw, vars, target, adapter, early.macros, {}, env, o, report);
  const project = renderProject(known, raw, at, report);

  const files = scanFiles(o.root, pathsOf(project), report);
  checkPaths(o.root, project, at, report);
  checkVersion(o.version, project, at, report);
  checkPackages(o.root, (yaml, path) => spanOf({ yaml, path, on: 'key' }), report);
  const cache = new ParseCache(
    resolve(o.root, targetPath, '.dwt', 'parse.json'),
    o.useCache === false ? `none ${o.invocationId}` : o.version,
    o.earlier?.cache,
  );
  const readings = files
    .filter((f) => f.kind !== 'seed' && f.kind !== 'python')
    .map((file) => ({ file, cached: cache.read(o.root, file, o.checkDeclaration) }));
  for (const { cached } of readings) if (cached.reading.kind === 'failed') for (const d of cached.reading.diagnostics) report(d);

  const { entries, macroReadings } = indexMacros(readings, project.name, report);
  const registry = new MacroRegistry(entries, project.name, target.type, project.dispatch ?? [], readText);
  const docs = indexDocs(readings, project.name, report);
  const facts = factsOf(project, vars, target, adapter, registry, Object.fromEntries(docs.map((d) => [d.name, d.text])), env, o, report);
  const trees = readTrees(project);
  const { patches, broken: brokenProperties } = readProperties(
    readings,
    cache,
    (test) => registry.find(`test_${test}`, project.name) !== undefined,
    spanOf,
    report,
  );
  const unread = new Unread(
    [...readings.flatMap(({ file, cached }) => (cached.reading.kind === 'failed' && file.kind !== 'declaration' ? [file.path] : [])), ...brokenProperties],
    readText,
  );
  const workshop: Workshop = { pkg: project.name, root: o.root, facts, adapter, trees, unread, readText, spanOf, report };
  checkTreeMaterializations(workshop, project, at);
  const fingerprint = createHash('sha1')
    .update(
      jsonText([entries.map((m) => [m.name, m.checksum]), vars, target.name, target.type, target.schema, target.database, o.flags ?? {}, process.version]),
    )
    .digest('hex');
  const sql: SqlFiles = {
    cache,
    purity: new Purity(macroReadings, registry, vars),
    fingerprint,
    readText,
    stems: new Set(files.flatMap((f) => (f.kind === 'model' ? [stem(f.path)] : []))),
  };

  const pythonModels = new Map<string, string>();
  for (const f of files)
    if (f.kind === 'python') {
      pythonModels.set(basename(f.path, '.py'), f.path);
      report(
        warning('parse/unsupported', `${f.path} is a Python model, which dwt does not run; the rest of the project works.`, {
          span: { file: f.path, line: 1, column: 1 },
          help: PYTHON_HELP,
        }),
      );
    }
  moveMisplaced(patches, files, readings);
  const history = readHistory(project.history, target, (path) => at(path), report);
  const own = buildResources(workshop, sql, readings, files, patches, project, projectPath);
  const resources = [...own, ...historySources(own, project.name, history, projectPath)];
  const index = indexResources(resources, spanOf, report);
  checkHistoryPlaces(index.enabled.values(), history, (r) => spanOf(r.place), report);
  checkEntries(workshop, patches, index);
  reportLeftovers(workshop, patches, index, pythonModels);
  for (const r of index.enabled.values())
    if ((r.type === 'model' || r.type === 'test') && r.empty === true)
      report(
        warning('parse/empty-file', `${r.file} is empty, so ${label(r)} is not ${r.type === 'test' ? 'run' : 'built'}.`, {
          span: spanOf(r.place),
          help: 'Write a select statement.',
        }),
      );
  for (const d of unusedOverrides(entries, macroReadings, index.enabled.values(), project.name, target.type)) report(d);
  for (const { file } of readings)
    if (unread.files.has(file.path)) trees[KINDS[file.kind] ?? 'model'].configFor(fqnOf(project.name, file.base, file.path, stem(file.path)));
  for (const [type, tree] of Object.entries(trees))
    for (const { path, near } of tree.unused())
      report(
        warning('parse/unused-config-path', `Nothing lies under '${path.join('.')}' of ${treeKey(type)} in ${projectPath}.`, {
          span: at([treeKey(type), ...path], 'key'),
          ...(near === undefined ? {} : { help: `Did you mean '${near}'?` }),
        }),
      );
  if (o.earlier === undefined) cache.save();
  // Where the target path is only known from the file, there is no place to look before it is read.
  if (resolve(o.root, targetPath, '.dwt') === cacheFolder) projectCache?.save();

  const loaded: LoadedProject = {
    project: {
      root: o.root,
      name: project.name,
      version: project.version === undefined ? null : String(project.version),
      target,
      vars,
      resources: index.enabled,
      disabled: index.disabled,
      pythonModels,
      macros: entries,
      docs,
      groups: described(workshop, patches.groups),
      macroProperties: described(workshop, patches.macros),
      trees: writtenTrees(raw),
      dispatch: project.dispatch ?? [],
      flags: project.flags ?? {},
      cleanTargets: project['clean-targets'] ?? [targetPath],
      otherTargets: Object.entries(raw.targets ?? {}).flatMap(([name, settings]) => (name === target.name || !isMapping(settings) ? [] : [settings])),
      folders: Object.values(pathsOf(project)).flat(),
      history,
      queryComment: typeof project['query-comment'] === 'string' ? project['query-comment'] : null,
    },
    adapter,
    facts,
    targetPath: resolve(o.root, targetPath),
    warnings: dedupe(found),
    spanOf,
    readText,
    cache,
  };
  if (!found.some((d) => d.severity === 'error')) return loaded;
  const toGoBy: Known = {
    target: certain,
    vars: !broken.has('vars'),
    config: !TREE_KEYS.some((k) => lost.has(k)) || !/enabled/.test(readText(projectPath)),
    unread,
  };
  throw new BrokenProject(dedupe(found.filter((d) => isCertain(d, toGoBy))), loaded, toGoBy);
}

/** What mistakes may follow from. */
interface Known {
  /** Which target is meant, at least of which engine. */
  readonly target: boolean;
  readonly vars: boolean;
  /** The configuration of folders, as far as it enables and disables. */
  readonly config: boolean;
  readonly unread: Unread;
}

/** Whether a mistake stands by itself, and does not follow from another: from what could not be read, or is not known. */
function isCertain(d: Diagnostic, known: Known): boolean {
  if (d.code === 'parse/var') return known.vars;
  if (d.code === 'parse/duplicate') return known.config;
  // Whether something is enabled may depend on both.
  if (d.code === 'graph/disabled-ref') return known.target && known.vars && known.config;
  if (d.code === 'graph/missing-ref' || d.code === 'graph/cycle') return known.config;
  if (d.code === 'template/undefined') {
    const [, of, name] = /^'((?:\w+\.)*)(\w+)' is undefined\.?$/.exec(d.message) ?? [];
    return (known.target || of === '') && (name === undefined || !known.unread.defines(name));
  }
  return known.target || !/^template\/(type|raised|limit)$/.test(d.code);
}

function placeholderTarget(): Target {
  return { name: '', type: anyAdapter.type, database: null, schema: 'main', threads: 1, settings: {} };
}

function factsOf(
  project: ProjectFile,
  vars: Vars,
  target: Target,
  adapter: Adapter,
  macros: MacroRegistry,
  docs: Readonly<Record<string, string>>,
  env: Facts['env'],
  o: LoadOptions,
  report: (d: Diagnostic) => void,
): Facts {
  return {
    projectName: project.name,
    engine: adapter.type,
    dialect: adapter.dialect,
    capabilities: adapter.capabilities,
    target,
    vars,
    macros,
    docs,
    env,
    flags: { FULL_REFRESH: false, STORE_FAILURES: false, WHICH: '', ...o.flags },
    invocationId: o.invocationId,
    metadataEnv: metadataEnv(o.env),
    startedAt: o.startedAt,
    warn: (message, span) => report(warning('template/warning', message, { span })),
  };
}

function textReader(root: string): (file: string) => string {
  const texts = new Map<string, string>();
  return (file) => {
    let text = texts.get(file);
    if (text === undefined) {
      try {
        text = readFileSync(join(root, file), 'utf8').replace(/^\uFEFF/, '');
      } catch (e) {
        throw isRefusal(e) ? new Failure(unreadable(file, e)) : e;
      }
      if (texts.size > 500) texts.clear();
      texts.set(file, text);
    }
    return text;
  };
}

function described(w: Workshop, patches: readonly Patch<Described>[]): DescribedEntry[] {
  return patches.map(({ entry, file, path }) => ({
    package: w.pkg,
    name: entry.name,
    file,
    description: describe(w, entry.description, file, path),
    entry: entry as unknown as DescribedEntry['entry'],
    part: null,
  }));
}
