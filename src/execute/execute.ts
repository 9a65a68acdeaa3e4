// Step 5 of the house: N workers walk the plan. A node starts when what it waits for is done; what depends on a failure
// is skipped; Ctrl-C asks the engine to stop and still reports every node. Out: a stream of events, the last of them the summary.
import type { SchemaName, Session } from '../adapters/adapter.ts';
import { ConnectionFailure } from '../adapters/failures.ts';
import { placeAndMessage } from '../diagnostics/diagnostic.ts';
import { label, type Operation, type Resource, type Worked } from '../project/resources.ts';
import { Catalog } from './catalog.ts';
import { Channel } from './channel.ts';
import type { Event, NodeResult, RunSummary } from './events.ts';
import { explain } from './failure.ts';
import type { Job } from './job.ts';
import { blankResult } from './node-result.ts';
import { runNode } from './run-node.ts';
import { walk } from './walk.ts';
import { WorkerSession } from './worker-session.ts';

/** Runs everything and yields what happens. Never throws for a node's failure; a lost warehouse is every node's error. */
export async function* execute(job: Job): AsyncGenerator<Event, RunSummary> {
  const channel = new Channel<Event>();
  const work = new Run(job, (e) => channel.push(e)).all().finally(() => channel.close());
  yield* channel;
  return await work;
}

class Run {
  private readonly job: Job;
  private readonly emit: (e: Event) => void;
  private readonly catalog: Catalog;
  private readonly results = new Map<string, NodeResult>();
  private readonly warned: Set<string>;
  private readonly total: number;
  private started = 0;
  private readonly sessions = new Set<Session>();
  /** Why nothing more is started. */
  private stopping: string | null = null;
  private interrupted = false;

  constructor(job: Job, emit: (e: Event) => void) {
    this.job = job;
    this.catalog = new Catalog(job.warehouse.capabilities);
    this.warned = new Set(job.told.map(placeAndMessage));
    this.emit = emit;
    this.total = job.run.order.length;
  }

  async all(): Promise<RunSummary> {
    const { job } = this;
    const began = performance.now();
    const counts: Record<string, number> = {};
    for (const id of job.run.order) {
      const type = this.node(id).type;
      counts[type] = (counts[type] ?? 0) + 1;
    }
    this.emit({ kind: 'run-started', facts: { ...job.facts, engine: job.warehouse.version, total: this.total, counts } });
    const interrupt = (): void => this.interrupt();
    job.signal?.addEventListener('abort', interrupt);
    if (job.signal?.aborted === true) this.interrupt();
    const hooks: NodeResult[] = [];
    try {
      const ready = await this.prepare();
      let startFailed = !ready;
      for (const hook of job.operations.start) {
        const result = startFailed ? this.skipped(hook, this.stopping ?? 'an earlier hook failed') : await this.runHook(hook);
        hooks.push(result);
        if (result.status === 'error') startFailed = true;
        if (result.status !== 'success') this.emit({ kind: 'node-finished', result, index: 0, total: this.total });
      }
      if (startFailed) {
        const why = ready ? 'an on-run-start hook failed' : 'the warehouse could not be prepared';
        for (const id of job.run.order) if (!this.results.has(id)) this.finish(this.skipped(this.node(id), why));
      } else await this.workers();
      let endFailed = false;
      for (const hook of job.operations.end) {
        const why = endFailed ? 'an earlier hook failed' : this.interrupted ? 'interrupted' : null;
        const result = why === null ? await this.runHook(hook) : this.skipped(hook, why);
        hooks.push(result);
        if (result.status === 'error') endFailed = true;
        if (result.status !== 'success') this.emit({ kind: 'node-finished', result, index: 0, total: this.total });
      }
    } finally {
      job.signal?.removeEventListener('abort', interrupt);
    }
    const ordered = job.run.order.flatMap((id) => this.results.get(id) ?? []);
    const summary: RunSummary = { results: [...ordered, ...hooks], elapsedMs: performance.now() - began, interrupted: this.interrupted };
    this.emit({ kind: 'run-finished', summary });
    return summary;
  }

  private node(id: string): Worked {
    return this.job.env.graph.nodes.get(id) as Worked;
  }

  private async withSession<T>(work: (s: Session) => Promise<T>): Promise<T> {
    const session = await this.job.warehouse.session();
    this.sessions.add(session);
    try {
      return await work(session);
    } finally {
      this.sessions.delete(session);
      await session.release();
    }
  }

  /** Reads the catalog and makes the schemas that are missing. False where that failed: the failure is then the first node's. */
  private async prepare(): Promise<boolean> {
    const { job } = this;
    const building = job.run.order.map((id) => this.node(id));
    const schemas = new Map<string, SchemaName>();
    for (const node of building) {
      if (node.type === 'analysis' || node.type === 'source' || (node.type === 'test' && !storesFailures(job, node.config)) || !('relation' in node)) continue;
      schemas.set(`${node.relation.database ?? ''}.${node.relation.schema}`, { database: node.relation.database, schema: node.relation.schema });
    }
    if (schemas.size === 0) return true;
    try {
      await this.withSession(async (s) => {
        for (const schema of schemas.values()) if (!(await s.schemaExists(schema))) await s.run(job.warehouse.dialect.createSchema(schema));
        await this.catalog.load(s, [...schemas.values()]);
      });
      return true;
    } catch (e) {
      const first = building[0]!;
      const diagnostics = explain(e, { resource: first, compiled: null, statement: null, compiledPath: null }, job.spanOf).map((d) => ({
        ...d,
        message: `The schema could not be prepared: ${d.message}`,
      }));
      this.finish({ ...this.skipped(first, 'the schema could not be prepared'), status: 'error', diagnostics });
      return false;
    }
  }

  private async workers(): Promise<void> {
    const { run, facts } = this.job;
    await walk({
      order: run.order,
      waitsFor: run.waitsFor,
      workers: facts.threads,
      isSettled: (id) => {
        if (!this.results.has(id) && this.stopping !== null) this.finish(this.skipped(this.node(id), this.stopping));
        return this.results.has(id);
      },
      worker: (thread) => {
        const place = new WorkerSession(this.job.warehouse, this.sessions);
        return { work: (id) => this.work(this.node(id), place, thread), close: () => place.release() };
      },
    });
  }

  /** Runs a node. False where this thread has no connection while others have: fewer workers will do. */
  private async work(resource: Worked, place: WorkerSession, thread: number): Promise<boolean> {
    const session = await place.take();
    if (session instanceof ConnectionFailure && !session.ended && place.othersWork()) {
      this.emit({ kind: 'log', level: 'warning', id: null, message: `Thread ${thread} works no more: ${session.message}` });
      return false;
    }
    this.started++;
    this.emit({ kind: 'node-started', resource, index: this.started, total: this.total, thread });
    const result = session instanceof ConnectionFailure ? this.unreached(resource, session) : await this.runNode(resource, session, thread);
    this.finish(result);
    this.afterwards(result);
    return true;
  }

  /** Skips what depends on a failure. */
  private afterwards(result: NodeResult): void {
    const bad = result.status === 'error' || result.status === 'runtime error' || (result.status === 'fail' && this.job.failuresBlock);
    if ((bad || result.status === 'fail') && this.job.failFast) this.stopping ??= 'stopped after the first failure (--fail-fast)';
    if (!bad || result.resource.config['on_error'] === 'continue') return;
    const stack = [...(this.job.run.blocks.get(result.id) ?? [])];
    while (stack.length > 0) {
      const id = stack.pop()!;
      if (this.results.has(id)) continue;
      const why = result.status === 'fail' ? 'found failures' : result.message === 'interrupted' ? 'was interrupted' : 'failed';
      this.finish(this.skipped(this.node(id), `${label(result.resource)} ${why}`));
      stack.push(...(this.job.run.blocks.get(id) ?? []));
    }
  }

  private runNode(resource: Worked, session: Session, thread: number): Promise<NodeResult> {
    return runNode(resource, session, thread, {
      job: this.job,
      catalog: this.catalog,
      warned: this.warned,
      results: () => [...this.results.values()],
      isInterrupted: () => this.interrupted,
      isStopping: () => this.stopping !== null,
      ended: () => (this.stopping ??= ENDED),
      emit: this.emit,
    });
  }

  private async runHook(hook: Operation): Promise<NodeResult> {
    try {
      return await this.withSession((s) => this.runNode(hook, s, 1));
    } catch (e) {
      if (e instanceof ConnectionFailure) return this.unreached(hook, e);
      throw e;
    }
  }

  /** The warehouse cannot be reached any more: this node's error, and the end of the run. */
  private unreached(resource: Worked, e: ConnectionFailure): NodeResult {
    if (e.ended) return this.skipped(resource, (this.stopping ??= ENDED));
    this.stopping ??= 'the warehouse cannot be reached';
    const diagnostics = explain(e, { resource, compiled: null, statement: null, compiledPath: null }, this.job.spanOf);
    return { ...this.skipped(resource, e.message), status: 'error', diagnostics };
  }

  private finish(result: NodeResult): void {
    this.results.set(result.id, result);
    this.emit({ kind: 'node-finished', result, index: this.results.size, total: this.total });
  }

  private skipped(resource: Worked, why: string): NodeResult {
    return blankResult(resource, 'skipped', why);
  }

  private interrupt(): void {
    this.stopping = 'interrupted';
    this.interrupted = true;
    for (const s of this.sessions) s.cancel().catch(() => {});
  }
}

const ENDED = 'the database stopped at an earlier error';

function storesFailures(job: Job, config: Resource['config']): boolean {
  return (
    config['store_failures'] === true ||
    config['store_failures_as'] === 'table' ||
    config['store_failures_as'] === 'view' ||
    (job.env.storeFailures && config['store_failures'] !== false)
  );
}
