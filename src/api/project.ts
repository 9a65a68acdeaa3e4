// The API: a project that is open. Everything the command line does, it does through this class; what is not needed at
// once (compiling, planning, running) is imported when it is first asked for.
import type { Table } from '../adapters/adapter.ts';
import { type Deferral, dictOfResource } from '../compile/runtime-names.ts';
import { type Diagnostic, error, Failure, type Span } from '../diagnostics/diagnostic.ts';
import { refuseWarnings } from '../diagnostics/strict.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { runGraph } from '../graph/build-order.ts';
import { reach } from '../graph/graph.ts';
import { select } from '../graph/select.ts';
import { toPlain } from '../template/values.ts';
import { fullConfig } from '../project/full-config.ts';
import type { Target } from '../project/project.ts';
import type { Place, Resource, ResourceType } from '../project/resources.ts';
import { join, resolve } from 'node:path';
import { compiledFile } from '../artifacts/place.ts';
import { type KnownColumn, readCatalogColumns } from '../artifacts/read-catalog.ts';
import { checkArgument, checkIds, checkOptions } from './check-options.ts';
import { orFail, previousState, writeProjectCatalog, writeProjectManifest, type WrittenArtifact } from './artifacts.ts';
import { Connections } from './connect.ts';
import type { CompiledNode } from './compile.ts';
import type { Removed } from './clean.ts';
import type { History } from './history.ts';
import { kindsOf } from './kinds.ts';
import type { Invocation } from '../artifacts/write-json.ts';
import { newInvocation, open, type Opened } from './opened.ts';
import type { DeferOptions, FreshnessOptions, Host, ProjectOptions, RunCommand, RunFlagOptions, RunOptions, Selection } from './options.ts';
import type { PlannedNode } from './plan.ts';
import { shownFrom } from './paths.ts';
import type { Run } from './run.ts';
import type { Work, WorkOptions } from './work.ts';

/** Ids chosen by a selection, and what it gave rise to, such as a term that matches nothing. */
export interface Selected {
  readonly ids: ReadonlySet<string>;
  readonly warnings: readonly Diagnostic[];
}

/** How templates are rendered outside a run. */
export interface LookOptions extends WorkOptions, DeferOptions, Pick<Selection, 'state'> {}

/** What differs between a project as it was and as it is now. */
export interface Changes {
  /** Nodes that are other than before, and all that depends on them. */
  readonly affected: ReadonlySet<string>;
  /** Whether both are of the same target, with the same settings. Where not, nothing is dropped. */
  readonly sameTarget: boolean;
  /** Names of relations dropped because the files that made them are gone. */
  readonly gone: readonly string[];
  /** Names of relations whose files are gone and that hold rows of earlier runs: they stay. */
  readonly kept: readonly string[];
  /** Names of relations that nothing makes any more though the files that did are there (another schema or alias, disabled, ephemeral): they stay. */
  readonly left: readonly string[];
}

const RUNS: Readonly<Record<RunCommand, readonly ResourceType[]>> = {
  seed: ['seed'],
  run: ['model'],
  snapshot: ['snapshot'],
  test: ['test'],
  build: ['seed', 'model', 'snapshot', 'test'],
};

function hasLimits(r: Resource | undefined): boolean {
  return r?.type === 'source' && r.freshness !== null;
}

/** Reads a project. Throws `Failure` with every error found. */
export function openProject(options: ProjectOptions, host: Host): DwtProject {
  checkOptions('openProject', options);
  return new DwtProject(open(host, options));
}

/** A project that has been read. Its nodes do not change; `reload()` gives the project as the files are by then. */
export class DwtProject {
  private readonly opened: Opened;
  private readonly connections: Connections;
  /** The first run is the one that templates saw while the project was read. */
  private fresh = true;

  /** @internal */
  constructor(opened: Opened) {
    this.opened = opened;
    this.connections = new Connections(opened.place);
  }

  get name(): string {
    return this.opened.loaded.project.name;
  }

  /** Absolute path of its folder. */
  get root(): string {
    return this.opened.place.root;
  }

  /** Absolute path for compiled SQL and artifacts. */
  get targetPath(): string {
    return this.opened.loaded.targetPath;
  }

  /** The target in use. Its settings are in `describeTarget`. */
  get target(): Omit<Target, 'settings'> {
    const { settings: _, ...shown } = this.opened.place.target;
    return shown;
  }

  /** What is not wrong and yet worth a word. */
  get warnings(): readonly Diagnostic[] {
    return this.opened.warnings;
  }

  /** Every enabled resource by id, as dbt's ids are: `model.shop.orders`. */
  get resources(): ReadonlyMap<string, Resource> {
    return this.opened.graph.nodes;
  }

  /** Ids, each after all that it reads. */
  get order(): readonly string[] {
    return this.opened.graph.order;
  }

  /** What a resource reads, directly. */
  parents(id: string): readonly string[] {
    return this.opened.graph.parents.get(id) ?? [];
  }

  /** What reads it, directly. */
  children(id: string): readonly string[] {
    return this.opened.graph.children.get(id) ?? [];
  }

  /** All that is known of a resource, under dbt's names: what a template sees in `graph`. https://docs.getdbt.com/reference/dbt-jinja-functions/graph */
  details(resource: Resource | string): Readonly<Record<string, unknown>> {
    const { loaded, graph } = this.opened;
    const r = typeof resource === 'string' ? this.find(resource) : resource;
    return toPlain(dictOfResource({ facts: loaded.facts, graph, readText: loaded.readText }, r, true)) as Record<string, unknown>;
  }

  /** A resource's configuration with the defaults of all that is not set, as in manifest.json. */
  config(resource: Resource | string): Readonly<Record<string, unknown>> {
    const r = typeof resource === 'string' ? this.find(resource) : resource;
    return r.type === 'source' || r.type === 'exposure' ? r.config : fullConfig(r);
  }

  /** File, line and column of something. */
  locate = (place: Place): Span => this.opened.loaded.spanOf(place);

  /** Where a node's compiled SQL is or will be, relative to the project. */
  compiledPath = (r: Resource): string | null => compiledFile(this.opened.artifacts, r);

  /** Nodes by the selection language, of the given kinds; of `standard` where none are asked for. Throws `Failure` where it cannot be understood. */
  select(o: Selection = {}, types?: readonly ResourceType[], standard?: readonly ResourceType[]): Selected {
    checkOptions('select', o);
    return this.choose(o, types, standard);
  }

  private choose(o: Selection, types?: readonly ResourceType[], standard?: readonly ResourceType[]): Selected {
    const kinds = kindsOf(o, types, standard);
    const { selectors } = this.opened;
    const { ids, diagnostics } = select(this.opened.graph, {
      types: kinds.types,
      ...(types === undefined ? {} : { takes: types }),
      project: this.name,
      selectors,
      previous: previousState(this.opened, o, selectors),
      ...(o.select === undefined ? {} : { select: o.select }),
      ...(o.exclude === undefined ? {} : { exclude: o.exclude }),
      ...(o.selector === undefined ? {} : { selector: o.selector }),
      ...(o.indirectSelection === undefined ? {} : { indirect: o.indirectSelection }),
    });
    if (diagnostics.some((d) => d.severity === 'error')) throw new Failure(diagnostics);
    const warnings = kinds.warnings.length > 0 && ids.size === 0 ? kinds.warnings : [...kinds.warnings, ...diagnostics];
    refuseWarnings(this.opened.options.warnError, warnings);
    return { ids, warnings };
  }

  /** Chooses nodes for a command; they run when the events are read. Throws `Failure` where the selection cannot be understood. */
  async run(command: RunCommand, o: RunOptions = {}): Promise<Run> {
    checkOptions('run', o);
    checkCommand(command);
    const { ids, warnings } = o.ids === undefined ? this.choose(o, RUNS[command]) : { ids: checkIds(o.ids, this.resources), warnings: [] };
    const [{ Run }, deferral] = await Promise.all([import('./run.ts'), this.deferral(o)]);
    return new Run(this.opened, this.connections, {
      ...deferral,
      command: o.as ?? command,
      chosen: ids,
      graph: runGraph(this.opened.graph, ids, command),
      failuresBlock: command === 'build',
      invocation: this.invocation(),
      options: o,
      warnings,
    });
  }

  /** What `run` would do with the same options, and why. Nothing is touched. Throws `Failure`. */
  async plan(command: RunCommand, o: RunOptions = {}): Promise<{ readonly nodes: readonly PlannedNode[]; readonly warnings: readonly Diagnostic[] }> {
    checkOptions('plan', o);
    checkCommand(command);
    const { ids, warnings } = o.ids === undefined ? this.choose(o, RUNS[command]) : { ids: checkIds(o.ids, this.resources), warnings: [] };
    const [{ planRun }, history, deferral] = await Promise.all([import('./plan.ts'), this.history(), this.deferral(o)]);
    const last = history === null ? null : await history.lastGood();
    return { nodes: await planRun(this.opened, this.connections, runGraph(this.opened.graph, ids, command), last, { ...o, ...deferral }), warnings };
  }

  /** Looks how old sources are, those that have limits; they are asked when the events are read. Throws `Failure` where the selection cannot be understood. */
  async freshness(o: FreshnessOptions = {}): Promise<Run> {
    checkOptions('freshness', o);
    const { ids, warnings } = this.choose(o, ['source']);
    const limited = new Set([...ids].filter((id) => hasLimits(this.opened.graph.nodes.get(id))));
    const { Run } = await import('./run.ts');
    return new Run(this.opened, this.connections, {
      command: 'source freshness',
      chosen: ids,
      graph: runGraph(this.opened.graph, limited, 'freshness'),
      failuresBlock: false,
      invocation: this.invocation(),
      options: o,
      warnings,
      sources: o.output === undefined ? join(this.targetPath, 'sources.json') : resolve(this.opened.host.cwd, o.output),
    });
  }

  /** Writes manifest.json: everything that is known of the project. Throws `Failure`. */
  writeManifest(): WrittenArtifact {
    return orFail(shownFrom(this.root, join(this.targetPath, 'manifest.json')), () => writeProjectManifest(this.opened, this.invocation()));
  }

  /** Columns and their types by id, as the catalog.json of the target path has them; nothing is asked of the warehouse. */
  knownColumns(): ReadonlyMap<string, readonly KnownColumn[]> {
    return readCatalogColumns(this.targetPath);
  }

  /** Asks the warehouse for what stands there, and writes catalog.json. `empty`: without asking. Throws `Failure`. */
  async writeCatalog(o: Selection & { readonly empty?: boolean } = {}): Promise<WrittenArtifact> {
    checkOptions('writeCatalog', o);
    const chosen = o.select === undefined && o.exclude === undefined && o.selector === undefined ? {} : { chosen: this.choose(o).ids };
    return await writeProjectCatalog(this.opened, this.connections, this.invocation(), { ...chosen, empty: o.empty === true });
  }

  /** Compiles nodes in the order of the graph and writes their SQL under the target path. */
  async *compile(ids: ReadonlySet<string>, o: RunFlagOptions & LookOptions = {}): AsyncGenerator<CompiledNode, void> {
    checkArgument('compile', 'nodes', 'ids', ids);
    checkOptions('compile', o);
    checkIds(ids, this.resources);
    const [{ compileNodes }, work] = await Promise.all([import('./compile.ts'), this.work(o)]);
    try {
      yield* compileNodes(this.opened, work, ids, { ...o, ...(await this.deferral(o)) }, this.invocation());
    } finally {
      await work.close();
    }
  }

  /** Compiles a query that is in no file. Throws `Failure`. */
  async compileInline(sql: string, o: RunFlagOptions & LookOptions = {}): Promise<string> {
    checkArgument('compileInline', 'query', 'text', sql);
    checkOptions('compileInline', o);
    const { compileInline } = await import('./compile.ts');
    const deferral = await this.deferral(o);
    return await this.working(o, (work) => compileInline(this.opened, work, sql, { ...o, ...deferral }));
  }

  /** Rows of a resource, given by itself, its id or its name: a model's query as it would be built anew, anything else as it stands. At most `limit`. Throws `Failure`. */
  async show(resource: Resource | string, o: { readonly limit?: number } & LookOptions = {}): Promise<Table> {
    checkArgument('show', 'resource', 'node', resource);
    checkOptions('show', o);
    const [{ fetchRows }, deferral] = await Promise.all([import('./show.ts'), this.deferral(o)]);
    const node = typeof resource === 'string' ? this.find(resource) : resource;
    return await this.working({ looksOnly: true, ...o }, (work) => fetchRows(this.opened, work, node, { limit: o.limit, ...deferral }));
  }

  /** Rows of a query, which may use `ref`, `source` and macros. Throws `Failure`. */
  async query(sql: string, o: { readonly limit?: number } & LookOptions = {}): Promise<Table> {
    checkArgument('query', 'query', 'text', sql);
    checkOptions('query', o);
    const [{ fetchRows }, { inlineNode, withInlineSource }, deferral] = await Promise.all([import('./show.ts'), import('./compile.ts'), this.deferral(o)]);
    try {
      return await this.working({ looksOnly: true, ...o }, (work) =>
        fetchRows(this.opened, work, inlineNode(this.opened, sql), { limit: o.limit, ...deferral }),
      );
    } catch (e) {
      throw withInlineSource(e, sql);
    }
  }

  /** Calls a macro against the warehouse. Returns what it returns, as text. Throws `Failure`. */
  async runOperation(macro: string, args: Readonly<Record<string, unknown>> = {}, o: WorkOptions = {}): Promise<string> {
    checkArgument('runOperation', 'macro', 'text', macro);
    checkOptions('runOperation', o);
    const { runOperation } = await import('./operation.ts');
    return await this.working(o, (work) => runOperation(this.opened, work, macro, args));
  }

  /** The record of this project's runs in the target; null where it is turned off. */
  async history(): Promise<History | null> {
    const { history } = this.opened.loaded.project;
    if (history === null) return null;
    const { History } = await import('./history.ts');
    return new History(this.opened, this.connections, history);
  }

  /** Opens the warehouse and asks it something. Returns product, version and the time it took in milliseconds. Throws `Failure`. */
  async check(): Promise<{ readonly version: string; readonly ms: number }> {
    const began = performance.now();
    return await this.connections.use({ threads: 1 }, async (warehouse) => {
      const session = await warehouse.session();
      try {
        await session.query('select 1 as one');
      } finally {
        await session.release();
      }
      return { version: warehouse.version, ms: performance.now() - began };
    });
  }

  /** Settings of the target for people; null where a value must not be shown. */
  describeTarget(): readonly (readonly [key: string, value: string | null])[] {
    const { adapter, target } = this.opened.place;
    return Object.entries(target.settings).flatMap(([key, value]) => {
      const shape = adapter.settings[key];
      return shape === undefined || typeof value === 'object' ? [] : [[key, shape.secret === true ? null : String(value)] as const];
    });
  }

  /** Absolute paths of files that hold the warehouse, where it lives in files. */
  get warehouseFiles(): readonly string[] {
    const { adapter, target, root } = this.opened.place;
    return adapter.files?.(target.settings, root) ?? [];
  }

  /** Removes what was made (`clean-targets`), but for the warehouse. Throws `Failure`. */
  async clean(): Promise<readonly Removed[]> {
    const { clean } = await import('./clean.ts');
    return clean(this.opened);
  }

  /** The project as its files are now. A server's connections go over to it. Throws `Failure`; this one then stays as it is. */
  reload(): DwtProject {
    const next = new DwtProject(open(this.opened.host, this.opened.options, this.opened.loaded));
    this.connections.handOver(next.connections);
    return next;
  }

  /** What differs from an earlier state of the project, `files` having been saved. Relations whose files are gone are dropped, those of the nodes in `drop`. */
  async changesSince(before: DwtProject | undefined, files: ReadonlySet<string>, o: { readonly drop?: ReadonlySet<string> } = {}): Promise<Changes> {
    checkArgument('changesSince', 'files', 'paths', files);
    const { affectedNodes, relationsGone, isSameTarget, drop } = await import('./changes.ts');
    const own = affectedNodes(before?.opened, this.opened, files);
    const affected = new Set([...own, ...reach(own, this.opened.graph.children)]);
    const gone = before === undefined || o.drop === undefined ? { drop: [], keep: [], left: [] } : relationsGone(before.opened, this.opened, o.drop);
    return {
      affected,
      sameTarget: before === undefined || isSameTarget(before.opened, this.opened),
      gone: gone.drop.length === 0 ? [] : await drop(this.connections, gone.drop),
      kept: gone.keep.map((r) => r.identifier),
      left: gone.left.map((r) => r.identifier),
    };
  }

  /** Whether a server's connections are kept between runs. Then `close()` is needed at the end. */
  keepConnections(keep = true): void {
    this.connections.keep = keep;
  }

  /** Ends what is kept open, and writes down what was read. */
  async close(): Promise<void> {
    this.opened.loaded.cache.save();
    await this.connections.close();
  }

  private find(name: string): Resource {
    const all = [...this.resources.values()];
    const found = this.resources.get(name) ?? all.find((r) => r.name === name && r.type !== 'test');
    if (found !== undefined) return found;
    const names = all.filter((r) => r.type !== 'test').map((r) => r.name);
    throw new Failure(
      error('cli/usage', `There is no '${name}' in this project.`, { help: didYouMean(name, names) ?? 'Its names and ids are in project.resources.' }),
    );
  }

  private invocation(): Invocation {
    const { host, invocation } = this.opened;
    if (!this.fresh) return newInvocation(host);
    this.fresh = false;
    return invocation;
  }

  private async deferral(o: DeferOptions & Pick<Selection, 'state'>): Promise<{ readonly deferral?: Deferral }> {
    return o.defer === true ? (await import('./defer.ts')).deferralOf(this.opened, o) : {};
  }

  private async work(o: WorkOptions): Promise<Work> {
    const { Work } = await import('./work.ts');
    return new Work(this.opened, this.connections, o);
  }

  private async working<T>(o: WorkOptions, use: (work: Work) => Promise<T>): Promise<T> {
    const work = await this.work(o);
    try {
      return await use(work);
    } finally {
      await work.close();
    }
  }
}

function checkCommand(command: RunCommand): void {
  checkArgument('run and plan', 'command', 'text', command);
  if (Object.hasOwn(RUNS, command)) return;
  const help = didYouMean(command, Object.keys(RUNS)) ?? `Commands: ${Object.keys(RUNS).join(', ')}.`;
  throw new Failure(error('cli/usage', `There is nothing to run as '${command}'.`, { help }));
}
