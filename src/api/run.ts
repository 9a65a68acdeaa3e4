// A run of nodes: its events, as they happen, and its summary. Artifacts are written on the way.
import { join } from 'node:path';
import type { Dialect, Warehouse } from '../adapters/adapter.ts';
import { FileWriter } from '../artifacts/file-writer.ts';
import { compiledNodes } from '../artifacts/manifest.ts';
import { writeNodeFiles } from '../artifacts/node-files.ts';
import { compiledFile } from '../artifacts/place.ts';
import { writeRunResults } from '../artifacts/run-results.ts';
import { writeSources } from '../artifacts/sources.ts';
import type { Deferral } from '../compile/runtime-names.ts';
import { type Diagnostic, error, Failure, warning } from '../diagnostics/diagnostic.ts';
import type { Event, RunSummary } from '../execute/events.ts';
import { ELSEWHERE, Unwritten } from '../files/unwritten.ts';
import { execute } from '../execute/execute.ts';
import type { Job } from '../execute/job.ts';
import type { RunGraph } from '../graph/build-order.ts';
import type { Operation } from '../project/resources.ts';
import { writeProjectManifest } from './artifacts.ts';
import type { Connections } from './connect.ts';
import type { Invocation } from '../artifacts/write-json.ts';
import { type Opened, templateFlags } from './opened.ts';
import type { RunOptions } from './options.ts';
import type { Recorder } from '../history/record.ts';
import { recordRun } from './record-run.ts';
import { shownFrom } from './paths.ts';
import { runArguments } from './run-arguments.ts';

/** @internal */
export interface RunRequest {
  readonly command: string;
  readonly chosen: ReadonlySet<string>;
  readonly graph: RunGraph;
  /** A failing data test stops what depends on what it tests. */
  readonly failuresBlock: boolean;
  readonly invocation: Invocation;
  readonly options: RunOptions;
  readonly deferral?: Deferral;
  readonly warnings: readonly Diagnostic[];
  /** Sources are looked at, and this file is written, instead of run_results.json and manifest.json. Absolute. */
  readonly sources?: string;
}

/**
 * A run that has been chosen, and begins when its events are read: `for await (const event of run)`, or `await run.finish()`.
 * Leaving the loop early ends it in good order. It can be read once.
 */
export class Run implements AsyncIterable<Event> {
  private readonly opened: Opened;
  private readonly connections: Connections;
  private readonly request: RunRequest;
  private readonly controller = new AbortController();
  private readonly late: Diagnostic[] = [];
  private readonly unwritten = new Unwritten();
  private done: RunSummary | undefined;
  private begun = false;

  /** @internal */
  constructor(opened: Opened, connections: Connections, request: RunRequest) {
    this.opened = opened;
    this.connections = connections;
    this.request = request;
  }

  /** Identity of the run, as `invocation_id` and the artifacts have it. */
  get id(): string {
    return this.request.invocation.id;
  }

  /** Ids of what runs, in order. */
  get order(): readonly string[] {
    return this.request.graph.order;
  }

  /** Whether there is nothing to do: neither nodes nor, where they are what is to be done again, hooks of the run. */
  get isEmpty(): boolean {
    const { nodes } = this.opened.graph;
    return this.order.length === 0 && ![...this.chosen].some((id) => nodes.get(id)?.type === 'operation');
  }

  /** Ids of what was chosen; some of it may not be anything that runs. */
  get chosen(): ReadonlySet<string> {
    return this.request.chosen;
  }

  /** What the selection gave rise to, such as a term that matches nothing. */
  get warnings(): readonly Diagnostic[] {
    return this.request.warnings;
  }

  /** What came up beside the nodes, such as a history that cannot be written; complete once the events have been read. */
  get lateWarnings(): readonly Diagnostic[] {
    return this.late;
  }

  /** Once the events have been read. */
  get summary(): RunSummary | undefined {
    return this.done;
  }

  /** Asks the engine to stop what runs; what has not begun is skipped. */
  cancel(): void {
    this.controller.abort();
  }

  /** Runs to the end without anybody looking at the events; the summary again where it has ended. */
  async finish(): Promise<RunSummary> {
    if (this.done !== undefined) return this.done;
    for await (const _ of this);
    return this.done!;
  }

  /** Events in order. Throws `Failure` where there is no warehouse, and where they have been read before. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Event, void> {
    const { opened, request } = this;
    if (this.begun)
      throw new Failure(
        error('cli/usage', 'The events of this run have been read already.', { help: 'What came of it is in run.summary; project.run(…) makes another run.' }),
      );
    this.begun = true;
    if (this.isEmpty) {
      this.done = { results: [], elapsedMs: 0, interrupted: false };
      // Those of an earlier run would be taken for this one's.
      this.write(this.done, opened.loaded.adapter.dialect);
      this.writeManifest(this.done);
      this.late.push(...this.unwritten.told('warning', ELSEWHERE));
      return;
    }
    const threads = Math.max(1, Math.min(opened.loaded.project.target.threads, request.graph.order.length));
    // The history has a session of its own.
    const lease = await this.connections.acquire({ threads: opened.loaded.project.history === null ? threads : threads + 1 });
    const writer = new FileWriter(opened.artifacts.targetPath);
    const events = execute(this.job(lease.warehouse, threads));
    let recorder: Recorder | undefined;
    const take = (e: Event): void => {
      recorder?.take(e);
      if (e.kind === 'node-finished') writeNodeFiles(opened.artifacts, writer, e.result);
      if (e.kind === 'run-finished') this.write(e.summary, lease.warehouse.dialect);
    };
    try {
      if (request.sources === undefined) recorder = await recordRun(opened, request, lease.warehouse, (d) => this.late.push(d));
      for (;;) {
        const next = await events.next();
        if (next.done === true) {
          this.writeManifest((this.done = next.value));
          return;
        }
        take(next.value);
        yield next.value;
      }
    } finally {
      try {
        // Nobody listens any more: what runs is stopped, and what came of it is written all the same.
        if (this.done === undefined) {
          this.controller.abort();
          let next = await events.next();
          for (; next.done !== true; next = await events.next()) take(next.value);
          this.done = next.value;
        }
      } finally {
        await recorder?.close();
        const [refused] = await Promise.all([writer.close(), lease.release()]);
        for (const { path, why } of refused) this.unwritten.add(shownFrom(opened.place.root, path), why);
        this.late.push(...this.unwritten.told('warning', ELSEWHERE));
      }
    }
  }

  private job(warehouse: Warehouse, threads: number): Job {
    const { opened, request } = this;
    const { loaded, graph } = opened;
    const { project } = loaded;
    const { options: o, invocation } = request;
    const operations = (when: 'start' | 'end'): Operation[] =>
      [...graph.nodes.values()].filter((n): n is Operation => n.type === 'operation' && n.when === when);
    const signals = [opened.host.signal, this.controller.signal, ...(o.signal === undefined ? [] : [o.signal])];
    return {
      facts: {
        command: request.command,
        invocationId: invocation.id,
        startedAt: invocation.startedAt,
        target: { name: project.target.name, type: project.target.type },
        threads,
      },
      warehouse,
      env: {
        facts: {
          ...loaded.facts,
          dialect: warehouse.dialect,
          capabilities: warehouse.capabilities,
          flags: { ...loaded.facts.flags, ...templateFlags(o, request.command, opened.options.warnError) },
          invocationId: invocation.id,
          startedAt: invocation.startedAt,
        },
        graph,
        flags: { fullRefresh: o.fullRefresh === true, empty: o.empty === true },
        readText: loaded.readText,
        locate: loaded.spanOf,
        selected: request.chosen,
        ...(request.deferral === undefined ? {} : { deferral: request.deferral }),
        root: project.root,
        storeFailures: o.storeFailures === true,
        failuresShown: 5,
      },
      run: request.graph,
      failuresBlock: request.failuresBlock,
      failFast: o.failFast === true,
      warnError: opened.options.warnError === true,
      told: opened.warnings,
      operations: { start: operations('start'), end: operations('end') },
      spanOf: loaded.spanOf,
      compiledPath: (node) => compiledFile(opened.artifacts, node),
      signal: AbortSignal.any(signals),
    };
  }

  private writeManifest({ results }: RunSummary): void {
    const { opened, request } = this;
    if (request.sources === undefined && request.options.manifest !== false)
      this.attempt('manifest.json', () => writeProjectManifest(opened, request.invocation, compiledNodes(results)));
  }

  private write(summary: RunSummary, dialect: Dialect): void {
    const { artifacts } = this.opened;
    const { invocation, options: o, command, sources } = this.request;
    if (sources === undefined)
      this.attempt('run_results.json', () => writeRunResults(artifacts, invocation, summary, dialect, runArguments(command, o, this.opened)));
    else this.unwritten.attempt(shownFrom(artifacts.root, sources), () => writeSources(sources, invocation, summary));
  }

  /** An artifact that cannot be written is no failure of the run. */
  private attempt(artifact: string, write: () => void): void {
    const file = shownFrom(this.opened.place.root, join(this.opened.artifacts.targetPath, artifact));
    try {
      this.unwritten.attempt(file, write);
    } catch (e) {
      // A file of the project that has gone in the meantime.
      if (!(e instanceof Failure)) throw e;
      this.late.push(warning('files/not-written', `${file} could not be written: ${e.message}`));
    }
  }
}
