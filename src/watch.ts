// watch: a saved file, the nodes it affects and what depends on them, built and tested; then it waits for the next. The
// warehouse is open only while something is built, so that others can use it in between. A newer save cancels a build
// it has made stale, and what was not finished stays on the list. No error of a file being typed ends it.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { watch as watchFiles } from 'chokidar';
import { type Changes, type Diagnostic, type DwtProject, error, type Event, Failure, optionsFor } from './api/api.ts';
import { isInside, shownFrom } from './api/paths.ts';
import type { CommonOptions, ExitCode, Io } from './commands/io.ts';
import { openProject, printDiagnostics, projectRoot, sourceReader } from './commands/project.ts';
import { eventJson } from './report/json-lines.ts';
import { tableWidth } from './report/output.ts';
import { printTable } from './report/rows.ts';
import { few, watchReporter } from './report/watch-line.ts';

export interface WatchOptions extends CommonOptions {
  /** Shows a few rows of what was saved. */
  readonly show?: boolean;
  /** Builds everything chosen once, before it waits. */
  readonly build?: boolean;
}

/** Saves closer together than this are one. */
const BURST_MS = 80;
/** A file that comes may be one that goes elsewhere, of which word comes later: it may be an editor's way of saving. */
const RENAME_MS = 150;

/** Watches until Ctrl-C. */
export async function watchCommand(io: Io, o: WatchOptions): Promise<ExitCode> {
  const root = projectRoot(io.cwd, o.projectDir);
  // Without a project there is nothing to wait for: that is told, and is the end.
  if (!['project.yml', 'dbt_project.yml'].some((f) => existsSync(join(root, f)))) openProject(io, o, 'watch');
  const session = new WatchSession(io, o, root);
  const made = (path: string): boolean => isInside(session.targetPath, path);
  const watcher = watchFiles(root, {
    ignoreInitial: true,
    ignored: (path) => made(path) || /[\\/](node_modules|\.git)([\\/]|$)/.test(path) || /\.(duckdb|db|wal|tmp|swp)$|~$/.test(path),
  });
  // Where things are made is known for certain once the project has been read, and that comes after.
  watcher.on('all', (event, path) => {
    // A folder says nothing that its files do not.
    // What editors and tools write beside a file for a moment has other endings.
    if (!event.endsWith('Dir') && !made(path) && /\.(sql|ya?ml|csv|gz|md|py)$/i.test(path))
      session.changed(shownFrom(root, path), event === 'change' ? BURST_MS : RENAME_MS);
  });
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  await session.start(o.build === true);
  await new Promise<void>((resolve) => {
    if (io.signal.aborted) resolve();
    else io.signal.addEventListener('abort', () => resolve());
  });
  await watcher.close();
  await session.stop();
  return 0;
}

class WatchSession {
  private readonly io: Io;
  private readonly options: WatchOptions;
  private readonly root: string;
  /** The project as it was when last read without errors. */
  private project: DwtProject | undefined;
  /** The project as it was when what had changed was last taken account of. */
  private settled: DwtProject | undefined;
  private readonly files = new Set<string>();
  /** Nodes that this project is known to have built here, of those that were chosen. */
  private readonly made = new Set<string>();
  /** Nodes still to be built: of a build that failed or was cancelled, or not begun. */
  private readonly dirty = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  /** When the timer fires, by the monotonic clock. */
  private due = 0;
  private current: AbortController | undefined;
  private working: Promise<void> = Promise.resolve();
  private stopped = false;
  private warned = false;
  private selectionWarnings = '';

  constructor(io: Io, options: WatchOptions, root: string) {
    this.io = io;
    this.options = options;
    this.root = root;
  }

  /** Where compiled SQL and artifacts go. */
  get targetPath(): string {
    return this.project?.targetPath ?? resolve(this.root, this.options.targetPath ?? 'target');
  }

  /** Reads the project; builds it all where asked to. */
  async start(build: boolean): Promise<void> {
    this.working = this.attempt(async () => {
      const project = (this.project = this.settled = openProject(this.io, this.options, 'watch'));
      project.keepConnections();
      const chosen = this.chosen(project);
      if (build) for (const id of chosen) this.dirty.add(id);
      await this.recall(project, chosen);
      this.say(`Watching ${chosen.size} ${chosen.size === 1 ? 'node' : 'nodes'} of ${project.name} on ${project.target.name}. Ctrl-C ends it.`);
      await this.build([]);
    });
    await this.working;
  }

  /** A file was added, changed or removed; others that follow within `wait` are taken with it. */
  changed(file: string, wait: number): void {
    if (file === '' || this.stopped) return;
    this.files.add(file);
    const due = Math.max(this.due, performance.now() + wait);
    this.due = due;
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.current?.abort();
      this.working = this.working.then(() => this.attempt(() => this.rebuild()));
    }, due - performance.now());
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.current?.abort();
    await this.working;
    await this.project?.close();
  }

  private async rebuild(): Promise<void> {
    if (this.files.size === 0 || this.stopped) return;
    // A file that was renamed counts by its new name.
    const all = [...this.files];
    const there = all.filter((f) => existsSync(join(this.root, f)));
    const files = there.length > 0 ? there : all;
    this.files.clear();
    const began = performance.now();
    let now: DwtProject;
    let changes: Changes;
    try {
      now = this.read();
      this.project = now;
      changes = await now.changesSince(this.settled, new Set(all), { drop: this.made });
      if (!changes.sameTarget) await this.otherTarget(now, this.settled!);
      this.settled = now;
    } catch (e) {
      // The files count again once the project can be read, and what they had made be dropped.
      for (const f of all) this.files.add(f);
      throw e;
    }
    const { affected, gone, kept, left } = changes;
    if (gone.length > 0) this.say(`dropped ${few(gone)}: ${gone.length === 1 ? 'its file is' : 'their files are'} gone`);
    for (const name of kept) this.say(`kept ${name}, whose file is gone: it holds rows of earlier runs`);
    if (left.length > 0) this.say(`kept ${few(left)}: nothing in the project makes ${left.length === 1 ? 'it' : 'them'} any more`);
    for (const id of affected) this.dirty.add(id);
    for (const id of this.dirty) if (!now.resources.has(id)) this.dirty.delete(id);
    if (this.files.size > 0) return;
    await this.build(files, began, gone.length + kept.length + left.length > 0);
  }

  /** What was built on one target says nothing of another. */
  private async otherTarget(now: DwtProject, before: DwtProject): Promise<void> {
    this.made.clear();
    await this.recall(now, this.chosen(now));
    this.say(
      now.target.name === before.target.name ? `target ${now.target.name} has other settings` : `target ${now.target.name} instead of ${before.target.name}`,
    );
  }

  /** Takes from the run history what this project has built. */
  private async recall(project: DwtProject, chosen: ReadonlySet<string>): Promise<void> {
    const recorded = await (await project.history())?.lastGood();
    for (const id of recorded?.keys() ?? []) if (chosen.has(id)) this.made.add(id);
  }

  /** The project as its files are now. */
  private read(): DwtProject {
    if (this.project === undefined) {
      const project = openProject(this.io, this.options, 'watch');
      project.keepConnections();
      return project;
    }
    const project = this.project.reload();
    printDiagnostics(this.io, this.news(project.warnings), this.root);
    return project;
  }

  /** Builds and tests what is dirty and chosen. `told`: what the save came to has been said, as far as there is nothing to build. */
  private async build(files: readonly string[], began: number = performance.now(), told = false): Promise<void> {
    const project = this.project!;
    const chosen = this.chosen(project);
    const ids = new Set([...this.dirty].filter((id) => chosen.has(id)));
    const controller = new AbortController();
    const run = await project.run('build', { ...optionsFor('run', this.options), ids, as: 'watch', manifest: false, signal: controller.signal });
    if (run.order.length === 0) {
      if (files.length > 0 && !told) this.say(`${few(files)}: nothing to build`);
      for (const id of ids) this.dirty.delete(id);
      return;
    }
    this.current = controller;
    const reporter = watchReporter({
      output: this.io.output,
      readSource: sourceReader(this.root),
      spanOf: project.locate,
      compiledPath: project.compiledPath,
      files,
      began,
      now: this.io.now,
      stopped: () => this.io.signal.aborted,
    });
    const report = this.io.output.format === 'json' ? (e: Event): void => this.io.output.out(`${eventJson(e)}\n`) : reporter;
    try {
      for await (const event of run) report(event);
    } finally {
      this.current = undefined;
    }
    // What stands in the way of the history stands there at each save: it is said once.
    if (!this.warned) printDiagnostics(this.io, run.lateWarnings, this.root);
    this.warned ||= run.lateWarnings.length > 0;
    const { results } = run.summary!;
    for (const r of results)
      if (r.status === 'success' || r.status === 'pass' || r.status === 'warn') {
        this.dirty.delete(r.id);
        this.made.add(r.id);
      }
    const runs = new Set(run.order);
    for (const id of ids) if (!runs.has(id)) this.dirty.delete(id);
    if (this.options.show === true) await this.show(project, files, new Set(results.filter((r) => r.status === 'success').map((r) => r.id)));
  }

  private async show(project: DwtProject, files: readonly string[], built: ReadonlySet<string>): Promise<void> {
    const saved = [...project.resources.values()].filter(
      (r) => files.includes(r.file) && built.has(r.id) && (r.type === 'model' || r.type === 'seed' || r.type === 'snapshot'),
    );
    const { out, outColors } = this.io.output;
    for (const node of saved.slice(0, 3)) out(`${printTable(await project.show(node, { limit: 5 }), tableWidth(this.io.output), outColors)}\n\n`);
  }

  private chosen(project: DwtProject): ReadonlySet<string> {
    const { ids, warnings } = project.select(optionsFor('select', this.options), ['seed', 'model', 'snapshot', 'test']);
    // The same selection is made at every save: only what is new about it is told.
    const said = warnings.map(spoken).join('\n');
    if (said !== this.selectionWarnings) printDiagnostics(this.io, warnings, this.root);
    this.selectionWarnings = said;
    return ids;
  }

  /** Errors are printed and waited out. */
  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (e) {
      this.io.output.live?.hide();
      if (this.io.signal.aborted) return;
      const diagnostics = e instanceof Failure ? e.diagnostics : [error('internal/bug', `dwt itself failed: ${(e as Error).message}`)];
      printDiagnostics(this.io, this.news(diagnostics), this.root);
      this.say('Waiting for the next save.');
    }
  }

  /** Without the warnings that were told when the project was last read: they would come with every save. */
  private news(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
    const told = new Set((this.project?.warnings ?? []).map(spoken));
    return diagnostics.filter((d) => d.severity === 'error' || !told.has(spoken(d)));
  }

  private say(text: string): void {
    if (this.io.output.quiet) return;
    if (this.io.output.format === 'json') this.io.output.out(`${JSON.stringify({ event: 'watch', message: text })}\n`);
    else this.io.output.out(`${this.io.output.outColors.dim(this.io.now().toTimeString().slice(0, 8))} ${text}\n`);
  }
}

/** A warning, wherever in its file it has moved to. */
function spoken({ span, message }: Diagnostic): string {
  return `${span?.file} ${message}`;
}
