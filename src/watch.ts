// watch: a saved file, the nodes it affects and what depends on them, built and tested; then it waits for the next. The
// warehouse is open only while something is built, so that others can use it in between. A newer save cancels a build
// it has made stale, and what was not finished stays on the list. No error of a file being typed ends it.
import { relative, resolve } from 'node:path';
import { watch as watchFiles } from 'chokidar';
import { affectedNodes, relationsGone } from './commands/affected.ts';
import type { CommonOptions, ExitCode, Io } from './commands/io.ts';
import { chooseNodes, connect, openProject, type Opened, printDiagnostics, projectRoot, sourceReader } from './commands/open.ts';
import { artifactPlace, runNodes } from './commands/run-nodes.ts';
import { showNode } from './commands/show-node.ts';
import { error, Failure } from './diagnostics/diagnostic.ts';
import type { Event, RunSummary } from './execute/events.ts';
import { runGraph } from './graph/build-order.ts';
import { reach } from './graph/graph.ts';
import { compiledFile } from './report/artifacts.ts';
import { eventJson } from './report/json-lines.ts';
import { watchReporter } from './report/watch-line.ts';

export interface WatchOptions extends CommonOptions {
  /** Shows a few rows of what was saved. */
  readonly show?: boolean;
  /** Builds everything chosen once, before it waits. */
  readonly build?: boolean;
}

/** Saves closer together than this are one. */
const BURST_MS = 80;

/** Watches until Ctrl-C. */
export async function watchCommand(io: Io, o: WatchOptions): Promise<ExitCode> {
  const root = projectRoot(io.cwd, o.projectDir);
  const session = new WatchSession(io, o, root);
  const targetPath = resolve(root, o.targetPath ?? 'target');
  const watcher = watchFiles(root, {
    ignoreInitial: true,
    ignored: (path) => path.startsWith(targetPath) || /[\\/](node_modules|\.git)([\\/]|$)/.test(path) || /\.(duckdb|db|wal|tmp|swp)$|~$/.test(path),
  });
  watcher.on('all', (_event, path) => session.changed(relative(root, path).replaceAll('\\', '/')));
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
  private opened: Opened | undefined;
  private readonly files = new Set<string>();
  /** Nodes still to be built: of a build that failed or was cancelled, or not begun. */
  private readonly dirty = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private current: AbortController | undefined;
  private working: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(io: Io, options: WatchOptions, root: string) {
    this.io = io;
    this.options = options;
    this.root = root;
  }

  /** Reads the project; builds it all where asked to. */
  async start(build: boolean): Promise<void> {
    this.working = this.attempt(async () => {
      this.opened = openProject(this.io, this.options, 'watch');
      const chosen = this.chosen(this.opened);
      if (build) for (const id of chosen) this.dirty.add(id);
      this.say(
        `Watching ${chosen.size} ${chosen.size === 1 ? 'node' : 'nodes'} of ${this.opened.loaded.project.name} on ${this.opened.loaded.project.target.name}. Ctrl-C ends it.`,
      );
      await this.build([]);
    });
    await this.working;
  }

  /** A file was added, changed or removed. */
  changed(file: string): void {
    if (file === '' || this.stopped) return;
    this.files.add(file);
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.current?.abort();
      this.working = this.working.then(() => this.attempt(() => this.rebuild()));
    }, BURST_MS);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== undefined) clearTimeout(this.timer);
    this.current?.abort();
    await this.working;
  }

  private async rebuild(): Promise<void> {
    if (this.files.size === 0 || this.stopped) return;
    const files = [...this.files];
    this.files.clear();
    const began = performance.now();
    let now: Opened;
    try {
      now = openProject(this.io, this.options, 'watch');
    } catch (e) {
      // The files count again once the project can be read.
      for (const f of files) this.files.add(f);
      throw e;
    }
    const before = this.opened;
    this.opened = now;
    const affected = affectedNodes(before, now, new Set(files));
    for (const id of affected) this.dirty.add(id);
    for (const id of reach(affected, now.graph.children)) this.dirty.add(id);
    for (const id of this.dirty) if (!now.graph.nodes.has(id)) this.dirty.delete(id);
    await this.dropGone(before, now);
    if (this.files.size > 0) return;
    await this.build(files, began);
  }

  /** Builds and tests what is dirty and chosen. */
  private async build(files: readonly string[], began: number = performance.now()): Promise<void> {
    const opened = this.opened!;
    const chosen = this.chosen(opened);
    const ids = new Set([...this.dirty].filter((id) => chosen.has(id)));
    const run = runGraph(opened.graph, ids, 'build');
    if (run.order.length === 0) {
      if (files.length > 0) this.say(`${files.join(', ')}: nothing to build`);
      for (const id of ids) this.dirty.delete(id);
      return;
    }
    const controller = new AbortController();
    this.current = controller;
    const reporter = watchReporter({
      output: this.io.output,
      readSource: sourceReader(this.root),
      spanOf: opened.loaded.spanOf,
      compiledPath: (r) => compiledFile(artifactPlace(opened), r),
      files,
      began,
      now: this.io.now,
    });
    const report = this.io.output.format === 'json' ? (e: Event): void => this.io.output.out(`${eventJson(e)}\n`) : reporter;
    let summary: RunSummary;
    try {
      summary = await runNodes(this.io, {
        opened,
        command: 'watch',
        chosen: ids,
        run,
        failuresBlock: true,
        options: this.options,
        signal: AbortSignal.any([controller.signal, this.io.signal]),
        report,
      });
    } finally {
      this.current = undefined;
    }
    for (const r of summary.results) if (r.status === 'success' || r.status === 'pass' || r.status === 'warn') this.dirty.delete(r.id);
    for (const id of ids) if (!run.order.includes(id)) this.dirty.delete(id);
    if (this.options.show === true) await this.show(opened, files, new Set(summary.results.filter((r) => r.status === 'success').map((r) => r.id)));
  }

  private async show(opened: Opened, files: readonly string[], built: ReadonlySet<string>): Promise<void> {
    const saved = [...opened.graph.nodes.values()].filter((r) => files.includes(r.file) && built.has(r.id) && r.type !== 'test');
    for (const node of saved.slice(0, 3)) await showNode(this.io, opened, node, 5);
  }

  /** A model that was deleted or renamed leaves its relation behind; what a fresh build would not make goes. */
  private async dropGone(before: Opened | undefined, now: Opened): Promise<void> {
    const gone = before === undefined ? [] : relationsGone(before, now);
    if (gone.length === 0) return;
    const warehouse = await connect(this.io, now, { threads: 1 });
    try {
      const session = await warehouse.session();
      for (const relation of gone) {
        const there = (await session.relations([relation])).find((r) => r.identifier === relation.identifier);
        if (there === undefined) continue;
        await session.run(warehouse.dialect.drop(relation, there.kind));
        this.say(`dropped ${relation.identifier}: its file is gone`);
      }
      await session.release();
    } finally {
      await warehouse.close();
    }
  }

  private chosen(opened: Opened): ReadonlySet<string> {
    return chooseNodes(this.io, opened, this.options, ['seed', 'model', 'snapshot', 'test']);
  }

  /** Errors are printed and waited out. */
  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (e) {
      const diagnostics = e instanceof Failure ? e.diagnostics : [error('internal/bug', `dwt itself failed: ${(e as Error).message}`)];
      printDiagnostics(this.io, diagnostics, this.root);
      this.say('Waiting for the next save.');
    }
  }

  private say(text: string): void {
    if (this.io.output.quiet) return;
    if (this.io.output.format === 'json') this.io.output.out(`${JSON.stringify({ event: 'watch', message: text })}\n`);
    else this.io.output.out(`${this.io.output.outColors.dim(this.io.now().toTimeString().slice(0, 8))} ${text}\n`);
  }
}
